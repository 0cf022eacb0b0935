using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace IotOps.Defender.Tests.Collector;

/// <summary>A socket of a made-up machine, and the line the kernel writes for it.</summary>
internal sealed record FakeSocket(IPEndPoint Local, IPEndPoint Remote, int State)
{
    public const int Established = 1;
    public const int Unconnected = 7;
    public const int Listening = 10;

    public static FakeSocket Connection(string local, string remote) => new(IPEndPoint.Parse(local), IPEndPoint.Parse(remote), Established);

    public static FakeSocket Listener(string local, int state = Listening)
    {
        var end = IPEndPoint.Parse(local);
        return new FakeSocket(end, new IPEndPoint(end.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0), state);
    }

    public bool IsIPv6 => Local.AddressFamily == AddressFamily.InterNetworkV6;

    /// <summary>As tcp4_seq_show and tcp6_seq_show of the kernel do.</summary>
    public string Line(int number) => string.Create(
        CultureInfo.InvariantCulture,
        $"{number,4}: {End(Local)} {End(Remote)} {State:X2} 00000000:00000000 00:00000000 00000000  1000        0 {40000 + number} 1 0000000000000000 100 0 0 10 0").PadRight(149);

    private static string End(IPEndPoint end)
    {
        byte[] bytes = end.Address.GetAddressBytes();
        return string.Concat(bytes.Chunk(4).Select(static word => BitConverter.ToUInt32(word).ToString("X8"))) + ":" + end.Port.ToString("X4");
    }
}
