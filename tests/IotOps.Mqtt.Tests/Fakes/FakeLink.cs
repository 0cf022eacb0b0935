using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using IotOps.Mqtt.Connecting;

namespace IotOps.Mqtt.Tests.Fakes;

/// <summary>A broker's end of one connection in memory.</summary>
internal sealed class FakeLink
{
    private readonly Pipe _toClient = new(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false));
    private readonly Pipe _fromClient = new(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false));

    public FakeLink()
    {
        Stream = new DuplexStream(_toClient.Reader, _fromClient.Writer, Meter);
        Transport = new Transport(Stream, Stream.Abort, Meter);
    }

    public FakeMeter Meter { get; } = new();

    public DuplexStream Stream { get; }

    public Transport Transport { get; }

    /// <summary>The next packet; null when the client has closed.</summary>
    public async Task<SentPacket?> TryReadAsync()
    {
        using var timeout = new CancellationTokenSource(FakeBroker.Patience, TimeProvider.System);
        return await TryReadAsync(timeout.Token);
    }

    /// <summary>The next packet, whenever it comes; null when the client has closed.</summary>
    public async Task<SentPacket?> TryReadAsync(CancellationToken stop)
    {
        while (true)
        {
            ReadResult result = await _fromClient.Reader.ReadAsync(stop);
            if (SentPacket.TryParse(result.Buffer.ToArray(), out SentPacket? packet, out int length))
            {
                _fromClient.Reader.AdvanceTo(result.Buffer.GetPosition(length));
                return packet;
            }

            if (result.IsCompleted)
            {
                return null;
            }

            _fromClient.Reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    public async Task<SentPacket> ReadAsync() => await TryReadAsync() ?? throw new InvalidOperationException("The client closed the connection.");

    /// <summary>The next packets, all of one type.</summary>
    public async Task<SentPacket[]> ReadAsync(int count, int type)
    {
        var packets = new SentPacket[count];
        for (int i = 0; i < count; i++)
        {
            packets[i] = await ReadAsync();
            packets[i].Type.ShouldBe(type);
        }

        return packets;
    }

    /// <summary>Whether anything unread has come.</summary>
    public bool HasPacket => _fromClient.Reader.TryRead(out ReadResult result) && Peek(result);

    public async Task SendAsync(params byte[][] packets)
    {
        foreach (byte[] packet in packets)
        {
            await _toClient.Writer.WriteAsync(packet);
        }
    }

    /// <summary>The end of the stream, as after a FIN.</summary>
    public void Close() => _toClient.Writer.Complete();

    /// <summary>An error of the stream, as after a RST.</summary>
    public void Reset() => _toClient.Writer.Complete(new IOException("Connection reset by peer"));

    /// <summary>An error of the stream that is the network's.</summary>
    public void Lose() => _toClient.Writer.Complete(new IOException("Connection timed out", new SocketException((int)SocketError.TimedOut)));

    /// <summary>Waits until the client has closed.</summary>
    public async Task<SentPacket[]> ReadToEndAsync()
    {
        List<SentPacket> packets = [];
        while (await TryReadAsync() is { } packet)
        {
            packets.Add(packet);
        }

        return [.. packets];
    }

    private bool Peek(ReadResult result)
    {
        bool any = !result.Buffer.IsEmpty;
        _fromClient.Reader.AdvanceTo(result.Buffer.Start);
        return any;
    }
}
