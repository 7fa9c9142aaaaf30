"""The rows of a long list that have been read: from its start, and from its end."""

from __future__ import annotations

from rcaid.screens.session import Page, Row


class Window:
    """Two runs of rows: one grows from the first row down, the other from the last row up."""

    def __init__(self, page: Page | None = None) -> None:
        self.head: list[Row] = []
        self.tail: list[Row] = []
        self.total = 0
        self.fen: int | None = None
        self.capped = False
        self.next_key = ""
        self._before_key = ""
        if page is not None:
            self._count(page)
            self.append(page)

    def _count(self, page: Page) -> None:
        self.total, self.fen, self.capped = page.total, page.fen, page.capped

    def __len__(self) -> int:
        """How many rows there are to move over; with a capped count those that were read."""
        if not self.next_key and not self.tail:
            return len(self.head)
        return max(self.total, len(self.head) + len(self.tail))

    @property
    def end_known(self) -> bool:
        """Whether the last row can be reached without reading all of them."""
        return not self.capped or not self.next_key

    def at(self, index: int) -> Row | None:
        """The row at a position, None if it was not read yet."""
        if 0 <= index < len(self.head):
            return self.head[index]
        behind = index - (len(self) - len(self.tail))
        return self.tail[behind] if 0 <= behind < len(self.tail) else None

    def index_of(self, id: str) -> int | None:
        """Where a thing stands among the rows that were read."""
        for index, row in enumerate(self.head):
            if row.id == id:
                return index
        first = len(self) - len(self.tail)
        for index, row in enumerate(self.tail):
            if row.id == id:
                return first + index
        return None

    def key_for(self, index: int) -> tuple[str, bool] | None:
        """What to read to come nearer to a position: a key, and whether backward."""
        if self.at(index) is not None or not 0 <= index < len(self):
            return None
        if self.tail and index >= (len(self.head) + len(self) - len(self.tail)) // 2:
            return self._before_key, True
        return self.next_key, False

    def append(self, page: Page) -> None:
        """Rows behind the head."""
        known = {row.id for row in self.tail}
        fresh = [row for row in page.rows if row.id not in known]
        self.head += fresh
        self.next_key = page.next_key
        if len(fresh) < len(page.rows) or not page.next_key:
            self._join()

    def prepend(self, page: Page) -> None:
        """Rows before the tail; with no tail yet, the last rows of the list."""
        if not self.tail:
            self._count(page)
        known = {row.id for row in self.head}
        fresh = [row for row in page.rows if row.id not in known]
        self.tail[:0] = fresh
        self._before_key = page.before_key
        if len(fresh) < len(page.rows) or not page.before_key:
            self._join()

    def _join(self) -> None:
        self.head += self.tail
        self.tail = []
        self.next_key = ""
        self._before_key = ""
        self.total = len(self.head)
