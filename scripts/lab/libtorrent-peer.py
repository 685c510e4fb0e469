"""One libtorrent session on loopback under the control of whoever started it: a real peer for tests and benches.

Speaks JSON, one object per line. Prints {"event": "listening", "port": N} first; then answers every line of stdin
{"id": n, "cmd": name, ...} with {"id": n, "ok": true, ...} or {"id": n, "ok": false, "error": text}. Ends when stdin
ends. Discovery (DHT, LSD, port mapping) is off: peers come from trackers and from `connect`.
"""

import json
import os
import select
import sys

import libtorrent as lt

SETTINGS = {
    "listen_interfaces": "127.0.0.1:0",
    "enable_dht": False,
    "enable_lsd": False,
    "enable_upnp": False,
    "enable_natpmp": False,
    "enable_outgoing_utp": False,
    "enable_incoming_utp": False,
    "allow_multiple_connections_per_ip": True,
    "unchoke_slots_limit": -1,
    "connections_limit": 500,
    "min_reconnect_time": 1,
    "max_failcount": 1000,
    "allow_idna": True,
    "alert_mask": lt.alert.category_t.status_notification | lt.alert.category_t.error_notification,
    "user_agent": "libtorrent-peer",
}


class Peer:
    def __init__(self):
        self.session = lt.session(SETTINGS)
        self.handles = {}
        self.finished = set()

    def listening(self):
        """The peer's port, once the listen socket is open."""
        while self.session.listen_port() == 0:
            self.session.wait_for_alert(50)
            self.session.pop_alerts()
        return self.session.listen_port()

    def add(self, torrent, folder, seed=True, upload_limit=0, paths=None, peers=()):
        """Adds a torrent file. A seed claims to have everything without hashing it, so it can also be made to lie."""
        params = lt.add_torrent_params()
        params.ti = lt.torrent_info(torrent)
        params.save_path = folder
        flags = params.flags & ~lt.torrent_flags.auto_managed & ~lt.torrent_flags.paused
        if seed:
            flags |= lt.torrent_flags.seed_mode | lt.torrent_flags.no_verify_files
        params.flags = flags
        if paths:
            params.renamed_files = {int(index): path for index, path in paths.items()}
        handle = self.session.add_torrent(params)
        key = str(handle.info_hashes().get_best() if not handle.info_hashes().has_v1() else handle.info_hashes().v1)
        self.handles[key] = handle
        if upload_limit:
            handle.set_upload_limit(int(upload_limit))
        for host, port in peers:
            handle.connect_peer((host, int(port)))
        return {"infoHash": key}

    def limit(self, info_hash, upload):
        """Upload limit in bytes per second; 0 is unlimited."""
        self.handles[info_hash].set_upload_limit(int(upload))
        return {}

    def pause(self):
        """Drops every connection and refuses new ones until `resume`."""
        self.session.pause()
        return {}

    def resume(self):
        self.session.resume()
        return {}

    def announce(self, info_hash):
        self.handles[info_hash].force_reannounce()
        return {}

    def connect(self, info_hash, host, port):
        self.handles[info_hash].connect_peer((host, int(port)))
        return {}

    def stats(self, info_hash):
        """Payload bytes in both directions, rates in bytes per second, and how many peers are connected."""
        status = self.handles[info_hash].status()
        return {
            "uploadedBytes": status.total_payload_upload,
            "downloadedBytes": status.total_payload_download,
            "uploadBytesPerSecond": status.upload_payload_rate,
            "peers": status.num_peers,
            "progress": status.progress,
            "isSeeding": status.is_seeding,
        }

    def make(self, source, target, piece_length, version="v1", tracker=None):
        """Writes the torrent of a file or folder: version is v1, v2 or hybrid."""
        storage = lt.file_storage()
        lt.add_files(storage, source)
        flags = {"v1": lt.create_torrent.v1_only, "v2": lt.create_torrent.v2_only, "hybrid": 0}[version]
        torrent = lt.create_torrent(storage, int(piece_length), flags)
        if tracker:
            torrent.add_tracker(tracker)
        lt.set_piece_hashes(torrent, os.path.dirname(source))
        with open(target, "wb") as out:
            out.write(lt.bencode(torrent.generate()))
        info = lt.torrent_info(target)
        hashes = info.info_hashes()
        return {
            "infoHash": str(hashes.v1) if hashes.has_v1() else None,
            "infoHashV2": str(hashes.v2) if hashes.has_v2() else None,
        }

    def answer(self, line):
        request = json.loads(line)
        number, command = request.pop("id"), request.pop("cmd")
        if command not in ("add", "limit", "pause", "resume", "announce", "connect", "stats", "make"):
            return {"id": number, "ok": False, "error": "unknown command"}
        try:
            return {"id": number, "ok": True, **getattr(self, command)(**request)}
        except Exception as error:  # the caller decides what a failure means
            return {"id": number, "ok": False, "error": str(error)}

    def events(self):
        """Torrents that became complete since the last look."""
        for alert in self.session.pop_alerts():
            if isinstance(alert, lt.torrent_finished_alert):
                yield {"event": "finished", "infoHash": str(alert.handle.info_hashes().v1)}


def say(message):
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def main():
    peer = Peer()
    say({"event": "listening", "port": peer.listening()})
    pending = b""
    while True:
        readable, _, _ = select.select([0], [], [], 0.02)
        if readable:
            data = os.read(0, 65536)
            if not data:
                break
            *lines, pending = (pending + data).split(b"\n")
            for line in lines:
                say(peer.answer(line))
        for event in peer.events():
            say(event)
    sys.stdout.flush()
    os._exit(0)  # nothing is kept, so nothing has to be said goodbye to


if __name__ == "__main__":
    main()
