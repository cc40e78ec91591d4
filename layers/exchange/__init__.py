"""What the exchange page needs besides readers and writers: files handed over, long work, previews."""
