using System.Buffers.Text;
using System.IO.Abstractions;
using IotOps.Defender.State;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotOps.Defender;

/// <summary>
/// Report ids: the clock's Unix seconds, but always larger than the one before, also when the clock steps back, twice in one second, and
/// (with a state file) after a restart. Safe for concurrent use.
/// </summary>
public sealed class ReportIds
{
    // 2^53 - 1: beyond it JSON readers disagree, and a stored id that large is none of ours.
    private const long MaxStored = 9_007_199_254_740_991;

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly StateFile? _file;
    private readonly ILogger _logger;
    private long _last;
    private bool _isStored = true;

    /// <summary>Begins after the stored id, if there is one.</summary>
    /// <param name="stateFile">Where the last id is kept over a restart; null keeps it in memory only. A file that cannot be read counts as none.</param>
    /// <param name="timeProvider">The clock; the system's when null.</param>
    /// <param name="fileSystem">The files; only tests need another than the system's.</param>
    /// <param name="logger">Told when the disk refuses the file; ids are given out all the same.</param>
    public ReportIds(string? stateFile = null, TimeProvider? timeProvider = null, IFileSystem? fileSystem = null, ILogger? logger = null)
    {
        _time = timeProvider ?? TimeProvider.System;
        _logger = logger ?? NullLogger.Instance;
        _file = stateFile is null ? null : new StateFile(stateFile, fileSystem ?? new FileSystem());
        _file?.WarnWhenOpen(_logger);
        _last = Stored(_file?.Read());
    }

    /// <summary>The next id; it is on the disk when this returns.</summary>
    public long Next()
    {
        lock (_gate)
        {
            _last = Math.Max(_last + 1, _time.GetUtcNow().ToUnixTimeSeconds());
            Store();
            return _last;
        }
    }

    // The line's end says that it is whole.
    private static long Stored(ReadOnlySpan<byte> file) =>
        Utf8Parser.TryParse(file, out long id, out int used) && used == file.Length - 1 && file[used] == (byte)'\n' && id is > 0 and <= MaxStored ? id : 0;

    private void Store()
    {
        if (_file is null)
        {
            return;
        }

        Span<byte> text = stackalloc byte[24];
        _ = Utf8Formatter.TryFormat(_last, text, out int length);
        text[length++] = (byte)'\n';
        Exception? refusal = _file.Write(text[..length]);
        if (refusal is not null && _isStored)
        {
            Log.IdNotStored(_logger, _file.Path, refusal.Message);
        }

        _isStored = refusal is null;
    }
}
