using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using IotOps.Archive;

namespace IotOps.Benchmarks.Archive;

/// <summary>The same GET by bare sockets, unsigned, for small objects alone: what the network costs by itself.</summary>
internal sealed class BareSocketReader(Uri endpoint) : ILogObjectReader, IDisposable
{
    private readonly ConcurrentBag<Socket> _idle = [];

    public async Task<Stream> OpenAsync(LogObject logObject, long offset, CancellationToken cancellationToken)
    {
        if (!_idle.TryTake(out Socket? socket))
        {
            socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, endpoint.Port, cancellationToken);
        }

        byte[] answer = new byte[4_096];
        int length = Encoding.ASCII.GetBytes($"GET /{logObject.Bucket}/{logObject.Key} HTTP/1.1\r\nHost: {endpoint.Authority}\r\n\r\n", answer);
        await socket.SendAsync(answer.AsMemory(0, length), cancellationToken);
        int filled = 0, head = -1, body = 0;
        while (head < 0 || filled < head + body)
        {
            filled += await socket.ReceiveAsync(answer.AsMemory(filled), cancellationToken);
            if (head < 0 && answer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8) is >= 0 and int end)
            {
                head = end + 4;
                ReadOnlySpan<byte> rest = answer.AsSpan(answer.AsSpan(0, head).IndexOf("Content-Length: "u8) + "Content-Length: ".Length);
                body = int.Parse(rest[..rest.IndexOf((byte)'\r')], CultureInfo.InvariantCulture);
            }
        }

        _idle.Add(socket);
        return new MemoryStream(answer, head, body);
    }

    public void Dispose()
    {
        foreach (Socket socket in _idle)
        {
            socket.Dispose();
        }
    }
}
