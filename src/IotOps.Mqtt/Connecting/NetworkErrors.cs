using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;

namespace IotOps.Mqtt.Connecting;

/// <summary>What a stream throws when its connection is gone, also when it was closed here while somebody used it.</summary>
internal static class NetworkErrors
{
    public static bool Contain(Exception e) =>
        e is IOException or SocketException or WebSocketException or ObjectDisposedException or AuthenticationException or OperationCanceledException;
}
