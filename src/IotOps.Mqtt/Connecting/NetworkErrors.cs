using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;

namespace IotOps.Mqtt.Connecting;

/// <summary>What a stream throws when its connection is gone, also when it was closed here while somebody used it.</summary>
internal static class NetworkErrors
{
    public static bool Contain(Exception e) =>
        e is IOException or SocketException or WebSocketException or ObjectDisposedException or AuthenticationException or OperationCanceledException;

    /// <summary>Whether the other end closed or reset the connection; false when the network lost it.</summary>
    public static bool ComeFromPeer(Exception? e)
    {
        while (e is not (null or SocketException))
        {
            e = e.InnerException;
        }

        return e is not SocketException
        {
            SocketErrorCode: SocketError.TimedOut or SocketError.NetworkDown or SocketError.NetworkUnreachable or SocketError.NetworkReset
                or SocketError.HostDown or SocketError.HostUnreachable or SocketError.OperationAborted
        };
    }
}
