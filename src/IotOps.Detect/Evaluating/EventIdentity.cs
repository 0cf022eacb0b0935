using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IotOps.Fleet;

namespace IotOps.Detect.Evaluating;

/// <summary>What an event has again when it comes twice.</summary>
internal static class EventIdentity
{
    /// <summary>Null for an event that nothing is counted of.</summary>
    public static ulong? Of(DetectEvent one) => one switch
    {
        ConnectionEvent { Lifecycle: { Kind: LifecycleEventKind.Connected or LifecycleEventKind.Disconnected } lifecycle } =>
            Hash(string.Create(CultureInfo.InvariantCulture, $"{lifecycle.Kind}\0{lifecycle.Version}\0{lifecycle.Session}")),
        ConnectionEvent { Lifecycle: { Kind: LifecycleEventKind.ConnectFailed } lifecycle } =>
            Hash(string.Create(CultureInfo.InvariantCulture, $"{lifecycle.Kind}\0{lifecycle.Time.ToUnixTimeMilliseconds()}\0{lifecycle.Session}")),
        LogEvent log => Hash("log\0" + log.Id),
        MessageEvent message => Hash((message.IsReceived ? "received\0" : "sent\0") + message.Id),
        _ => null,
    };

    private static ulong Hash(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }
}
