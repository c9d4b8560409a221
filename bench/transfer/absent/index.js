/** What importers name; a peer that speaks TCP only calls none of it. */
const absent = undefined

export {
  absent as RTCIceCandidate,
  absent as RTCPeerConnection,
  absent as RTCSessionDescription,
  absent as webRTC,
  absent as webRTCDirect,
}
