// Stand-in for the native WebRTC binding: webtorrent sees "no WebRTC here" and uses TCP and uTP only.
export const RTCPeerConnection = undefined;
export const RTCSessionDescription = undefined;
export const RTCIceCandidate = undefined;
export default {};
