using System.Buffers;
using IotOps.Samples.FleetTool.Lines;
using IotOps.Shared;

namespace IotOps.Samples.FleetTool.Logs;

/// <summary>A log file, or standard input. A file that begins as gzip does is unpacked, and one that is cut off or damaged is reported.</summary>
internal sealed class LogFile : IAsyncDisposable
{
    private readonly Stream _file;

    private LogFile(Stream file)
    {
        _file = file;
        Plain = file;
        if (IsGzip(file))
        {
            var plain = new ArrayBufferWriter<byte>(64 << 10);
            Plain = new GunzipStream(file, new Inflater(plain), plain);
        }
    }

    /// <summary>Its lines. Reading throws <see cref="InvalidDataException"/> where the gzip is bad; what came before was good.</summary>
    public Stream Plain { get; }

    /// <exception cref="CommandLine.UsageException">The file cannot be read.</exception>
    public static LogFile Open(string? path) => new(LineSource.Open(path));

    public async ValueTask DisposeAsync()
    {
        await Plain.DisposeAsync();
        await _file.DisposeAsync();
    }

    private static bool IsGzip(Stream file)
    {
        if (!file.CanSeek)
        {
            return false;
        }

        Span<byte> begin = stackalloc byte[2];
        int read = file.ReadAtLeast(begin, begin.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return read == 2 && begin[0] == 0x1F && begin[1] == 0x8B;
    }
}
