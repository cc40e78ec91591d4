"""Why the app is not opened, one class per cure."""

from __future__ import annotations

from typing import ClassVar

from spatial.errors import ChengzaiError


class NotLoopback(ChengzaiError):
    code = "host_refused"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "不在 {host} 上开放服务：没有说明怎样加密，密码会在网上明文传送",
        "en": "The app is not opened on {host}: without encryption passwords would cross the network in the clear",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "只在本机使用请用 --host 127.0.0.1；否则用 --cert、--key 给出证书，或在反向代理后加 --proxy",
        "en": "Use --host 127.0.0.1 for this machine only; else give --cert and --key, or --proxy behind a proxy",
    }


class NobodyYet(ChengzaiError):
    code = "people_missing"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "工作空间还没有人员，不能对其他人开放",
        "en": "The workspace lists nobody yet, so it is not opened to others",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "先添加管理员：user add {path} 用户名 admin",
        "en": "Add an administrator first: user add {path} NAME admin",
    }


class NotReady(ChengzaiError):
    """The identity that was asked for lacks a setting."""

    code = "identity_not_ready"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "登录方式 {identity} 还缺设置：{missing}",
        "en": "Identity {identity} lacks {missing}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "设置后重试，写法见使用指南“人员与登录”",
        "en": "Set it and try again; the guide tells how under “People and signing in”",
    }


class PortTaken(ChengzaiError):
    code = "port_taken"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "端口 {port} 已被占用，可能应用已经打开",
        "en": "Port {port} is taken; the app may be open already",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "关闭占用它的程序，或加 --port {other}（make run PORT={other}）",
        "en": "Stop what uses it, or add --port {other} (make run PORT={other})",
    }
