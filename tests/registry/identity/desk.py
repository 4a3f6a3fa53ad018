"""A desk at which people are registered and sign in, through the doors."""

from dataclasses import dataclass
from typing import Any

from onex.contracts.registry import AccessKeyPublished
from tests.harness.service import Service, json_of
from tests.registry.world import API, World

PASSWORD = "four lamps over the quiet harbour"


@dataclass
class Desk:
    """Registers people, and is each of them."""

    world: World

    @property
    def registry(self) -> Service:
        return self.world.registry

    def person(self, username: str = "zhang.san", *roles: dict[str, Any], password: str | None = PASSWORD) -> Any:
        """Somebody registered, with these roles and a password of their own; None leaves the assigned one."""
        body = {"username": username, "name": "张三", "email": "zhang@example.cn"}
        made = self.world.post("/people", body)
        for role in roles:
            self.world.post(f"/people/{made['id']}/roles", role)
        if password is not None:
            change = {"username": username, "password": made["password"], "new_password": password}
            self.public("/passwords", change, expect=204)
        return made

    def operator(self, username: str = "zhang.san") -> Any:
        return self.person(username, {"role": "operator"})

    def sign_in(self, username: str = "zhang.san", password: str = PASSWORD, expect: int = 201, **more: Any) -> Any:
        return self.public("/sessions", {"username": username, "password": password} | more, expect)

    def refresh(self, refresh_token: str, expect: int = 200) -> Any:
        return self.public("/sessions/refresh", {"refresh_token": refresh_token}, expect)

    def public(self, path: str, body: Any, expect: int) -> Any:
        answer = self.registry.call("POST", API + path, json=body, expect=expect)
        return json_of(answer) if answer.get_data() else None

    def get(self, path: str, token: str, expect: int = 200) -> Any:
        return json_of(self.registry.call("GET", API + path, token=token, expect=expect))

    def hear_keys(self) -> None:
        """What the registry said of its keys comes round to itself; its web app looks as if it had just started."""
        self.registry.hear(*self.registry.said(AccessKeyPublished))
        if self.registry._web is not None:
            self.registry._web.routes["/registry"].extensions["onex"].keys._keys.clear()
