using System.IO.Compression;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using IotOps.Logs;
using IotOps.Logs.Batching;
using IotOps.Logs.Sending;

namespace IotOps.Benchmarks;

/// <summary>
/// One full PutLogEvents request of 200-byte lines, from lines in memory to the request's body: ours beside Utf8JsonWriter, what most
/// would write first. Per line: divide by <see cref="Lines"/>.
/// </summary>
[MemoryDiagnoser]
public class EncodingBenchmarks
{
    private const int Lines = BatchLimits.MaxBytes / (200 + BatchLimits.EventOverhead);

    private static readonly LogDestination Destination = new("devices", "THING00001/syslog");

    private readonly byte[][] _lines = LogText.Lines(Lines, bytes: 200);
    private readonly LogBuffers _buffers = new(16 << 20);
    private readonly PutPlan _plan = new();
    private readonly PooledStream _body = new();
    private readonly MemoryStream _peerBody = new();

    [Params(false, true)]
    public bool Gzip { get; set; }

    [GlobalCleanup]
    public void Cleanup()
    {
        _plan.Dispose();
        _body.Dispose();
        _peerBody.Dispose();
    }

    [Benchmark(Baseline = true, Description = "Utf8JsonWriter")]
    public long Peer()
    {
        _peerBody.SetLength(0);
        using GZipStream? gzip = Gzip ? new GZipStream(_peerBody, CompressionLevel.Fastest, leaveOpen: true) : null;
        using var writer = new Utf8JsonWriter((Stream?)gzip ?? _peerBody);
        writer.WriteStartObject();
        writer.WriteString("logGroupName"u8, Destination.Group);
        writer.WriteString("logStreamName"u8, Destination.Stream);
        writer.WriteStartArray("logEvents"u8);
        foreach (byte[] line in _lines)
        {
            writer.WriteStartObject();
            writer.WriteNumber("timestamp"u8, 1_696_161_600_000);
            writer.WriteString("message"u8, line);
            writer.WriteEndObject();
            if (writer.BytesPending > 32 * 1024)
            {
                writer.Flush();
            }
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return _peerBody.Length;
    }

    [Benchmark(Description = "LogBatch + PutPlan + PutLogEventsEncoder")]
    public long Ours()
    {
        using var batch = new LogBatch(_buffers);
        foreach (byte[] line in _lines)
        {
            batch.TryAppend(1_696_161_600_000, EventFlags.Arrival, line);
        }

        _plan.Build(batch, default, BatchLimits.MaxAge, OldEvents.ArrivalTime);
        PutLogEventsEncoder.Encode(Destination, batch, _plan[_plan.Slices.Peek()], Gzip, _body);
        return _body.Length;
    }
}
