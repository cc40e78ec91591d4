"""Why somebody is not let in, one class per cure."""

from __future__ import annotations

from typing import ClassVar

from spatial.errors import ChengzaiError


class SignInNeeded(ChengzaiError):
    code = "sign_in_needed"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "尚未登录，或登录已过期",
        "en": "You are not signed in, or your session is over",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "请重新登录；已保存的修改都在",
        "en": "Sign in again; everything that was saved is kept",
    }


class NoRole(ChengzaiError):
    code = "no_role"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{name} 在这个工作空间没有角色",
        "en": "{name} has no role in this workspace",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "请管理员在“人员”页中添加，或运行 user add",
        "en": "Ask an administrator to add you on the People page, or with `user add`",
    }


class FormRefused(ChengzaiError):
    code = "form_refused"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "登录页已失效，或请求不是来自本页",
        "en": "The page for signing in was too old, or the request came from elsewhere",
    }
    cure: ClassVar[dict[str, str]] = {"zh-CN": "请再填写一次", "en": "Fill it in once more"}


class PasswordsDiffer(ChengzaiError):
    code = "passwords_differ"
    says: ClassVar[dict[str, str]] = {"zh-CN": "两次输入的新密码不同", "en": "The two new passwords differ"}
    cure: ClassVar[dict[str, str]] = {"zh-CN": "请重新输入", "en": "Enter them again"}
