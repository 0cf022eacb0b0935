using System.IO.Compression;
using IotOps.Fleet;
using IotOps.Samples.CommandLine;

namespace IotOps.Samples.FleetTool.Trail;

/// <summary>The file that --out names; its ending says what it holds.</summary>
internal sealed class RecordFile : IAsyncDisposable
{
    private readonly Stream _stream;

    private RecordFile(string path)
    {
        string plain = path.EndsWith(".gz", StringComparison.Ordinal) ? path[..^3] : path;
        CloudTrailFileFormat format = Path.GetExtension(plain) switch
        {
            ".json" => CloudTrailFileFormat.Records,
            ".jsonl" => CloudTrailFileFormat.Lines,
            _ => throw new UsageException($"--out ends with .json, .jsonl, .json.gz or .jsonl.gz, not '{path}'"),
        };
        Stream file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, 64 << 10);
        _stream = plain.Length < path.Length ? new GZipStream(file, CompressionLevel.Fastest) : file;
        Writer = new CloudTrailWriter(_stream, format);
    }

    public CloudTrailWriter Writer { get; }

    public static RecordFile Create(string path)
    {
        try
        {
            return new RecordFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"cannot write {path}: {e.Message}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Writer.DisposeAsync();
        await _stream.DisposeAsync();
    }
}
