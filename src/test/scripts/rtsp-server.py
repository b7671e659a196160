#!/usr/bin/python3
"""GStreamer's RTSP server, which cameras have inside as well.

rtsp-server.py PORT [RECORDING]

/camera     a ball; told what to do by lines of the standard input: still, moving, mute, large
/recording  a recording as it is (MP4 or QuickTime with H.264), at its own speed, from its beginning for each client

Prints "ready" and a second port, where /camera wants user admin and password "p:a/s@s" by digest; then "done" for each
line. Ends with its input.
"""

import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

BALL = (
    "( videotestsrc is-live=true name=source pattern=ball ! videoscale ! capsfilter name=size"
    " caps=video/x-raw,format=I420,width=160,height=120,framerate=20/1"
    " ! identity name=gap ! jpegenc ! rtpjpegpay name=pay0 )"
)
LARGE = "video/x-raw,format=I420,width=320,height=240,framerate=20/1"


def mount(server, path, launch, shared):
    factory = GstRtspServer.RTSPMediaFactory(shared=shared, launch=launch)
    permissions = GstRtspServer.RTSPPermissions()
    for right in ("media.factory.access", "media.factory.construct"):
        permissions.add_permission_for_role("admin", right, True)
    factory.set_permissions(permissions)
    server.get_mount_points().add_factory(path, factory)
    return factory


def guard(server):
    auth = GstRtspServer.RTSPAuth()
    auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "admin")
    auth.add_digest("admin", "p:a/s@s", token)
    server.set_auth(auth)


def main():
    Gst.init(None)
    server = GstRtspServer.RTSPServer(service=sys.argv[1])
    guarded = GstRtspServer.RTSPServer(service="0")
    guard(guarded)
    mount(guarded, "/camera", BALL, True)

    media_now = []
    ball = mount(server, "/camera", BALL, True)
    ball.connect("media-configure", lambda factory, media: media_now.append(media))
    if len(sys.argv) > 2:
        recording = f'( filesrc location="{sys.argv[2]}" ! qtdemux ! rtph264pay name=pay0 config-interval=1 )'
        mount(server, "/recording", recording, False)
    server.attach(None)
    guarded.attach(None)

    def told(channel, condition):
        line = sys.stdin.readline().strip()
        if not line:
            sys.exit(0)
        parts = media_now[-1].get_element()
        if line == "still":
            parts.get_by_name("source").set_property("pattern", "white")
        elif line == "moving":
            parts.get_by_name("source").set_property("pattern", "ball")
        elif line == "mute":
            parts.get_by_name("gap").set_property("drop-probability", 1.0)
        elif line == "large":
            parts.get_by_name("size").set_property("caps", Gst.Caps.from_string(LARGE))
        print("done", flush=True)
        return True

    GLib.io_add_watch(GLib.IOChannel.unix_new(0), GLib.PRIORITY_DEFAULT, GLib.IO_IN | GLib.IO_HUP, told)
    print("ready", guarded.get_bound_port(), flush=True)
    GLib.MainLoop().run()


main()
