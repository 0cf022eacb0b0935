using System.IO.Compression;
using BenchmarkDotNet.Attributes;
using IotOps.Logs.Compression;

namespace IotOps.Benchmarks;

/// <summary>1 MiB of 200-byte lines through the encoder of IotOps.Logs and through the runtime's zlib-ng. Per line: divide by <see cref="Lines"/>.</summary>
public class GzipBenchmarks
{
    private const int Lines = (1 << 20) / 200;

    private readonly byte[] _text = [.. LogText.Lines(Lines, bytes: 200).SelectMany(static line => line)];
    private readonly MemoryStream _body = new(1 << 20);
    private readonly GzipEncoder _encoder = new();

    [GlobalCleanup]
    public void Cleanup() => _body.Dispose();

    [Benchmark(Baseline = true, Description = "GzipEncoder")]
    public long Ours()
    {
        _body.SetLength(0);
        _encoder.Begin(_body);
        _encoder.Write(_text);
        _encoder.Finish();
        return _body.Length;
    }

    [Benchmark(Description = "GZipStream")]
    [Arguments(1)]
    [Arguments(2)]
    [Arguments(3)]
    public long Peer(int level)
    {
        _body.SetLength(0);
        using (var gzip = new GZipStream(_body, new ZLibCompressionOptions { CompressionLevel = level }, leaveOpen: true))
        {
            gzip.Write(_text);
        }

        return _body.Length;
    }
}
