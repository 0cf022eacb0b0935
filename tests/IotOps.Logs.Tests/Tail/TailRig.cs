using System.IO.Compression;
using IotOps.Logs.Checkpoints;
using IotOps.Logs.Tail;
using IotOps.TestKit;

namespace IotOps.Logs.Tests.Tail;

/// <summary>A tail over a directory of its own, with a clock and lanes that the test holds.</summary>
internal sealed class TailRig : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly TempDirectory _state = new(inMemory: true);
    private readonly Func<LogFileOptions, LogFileOptions> _files;
    private readonly Func<LogShipperOptions, LogShipperOptions> _options;

    public TailRig(
        string pattern = "app.log", Func<LogFileOptions, LogFileOptions>? files = null, Func<LogShipperOptions, LogShipperOptions>? options = null)
    {
        Pattern = pattern;
        _files = files ?? (static f => f);
        _options = options ?? (static o => o);
        Directory.CreateDirectory(Logs);
        Start();
    }

    public ManualTimeProvider Clock { get; } = new(TimeProvider.System.GetUtcNow());

    public RecordingLogger Log { get; } = new();

    public FakeSinks Lanes { get; } = new();

    public string Logs => _directory["logs"];

    public string Pattern { get; set; }

    public CheckpointStore Checkpoint { get; private set; } = null!;

    public LogTail Tail { get; private set; } = null!;

    public string this[string name] => Path.Combine(Logs, name);

    public string StatePath(string name) => _state[name];

    public void Start()
    {
        LogShipperOptions options = _options(new LogShipperOptions
        {
            StateDirectory = _state.Path,
            Region = "us-east-1",
            TimeProvider = Clock,
            Files = [_files(new LogFileOptions { Path = Path.Combine(Logs, Pattern), Group = "g", Stream = "s" })],
        });
        Checkpoint = new CheckpointStore(options.StateDirectory, options.FileSystem, Log);
        Tail = new LogTail(options, Checkpoint, Log);
    }

    /// <summary>The process is gone: handles are closed, nothing is written.</summary>
    public void Crash()
    {
        Tail.Dispose();
        Checkpoint.Dispose();
    }

    public void Restart()
    {
        Crash();
        Start();
    }

    /// <summary>Time passes, and the tail looks and reads whenever it asked to be called.</summary>
    public TailPoll Poll(int seconds = 1)
    {
        TimeSpan left = TimeSpan.FromSeconds(seconds);
        TimeSpan step = TimeSpan.FromSeconds(1);
        TailPoll poll = default;
        while (left > TimeSpan.Zero)
        {
            step = step < left ? step : left;
            Clock.Advance(step);
            left -= step;
            do
            {
                poll = Tail.Poll(Lanes);
            }
            while (poll.MoreToRead);

            step = poll.NextPoll;
            if (left == TimeSpan.Zero && step < TimeSpan.FromSeconds(1))
            {
                left = step;
            }
        }

        return poll;
    }

    /// <summary>What was taken since the last call.</summary>
    public string[] Read(int seconds = 1)
    {
        Poll(seconds);
        string[] messages = [.. Lanes.Messages];
        Lanes.Taken.Clear();
        return messages;
    }

    public async Task CommitAsync()
    {
        SourcePosition[] positions =
        [
            .. Lanes.Taken.GroupBy(static e => e.SourceId).Select(static g =>
                new SourcePosition(g.Key, g.Last().EndOffset, g.Last().Timestamp == TailedEvent.NoTimestamp ? null : g.Last().Timestamp)),
        ];
        await Checkpoint.CommitAsync(positions, CancellationToken.None);
    }

    public void Write(string name, string text) => File.AppendAllText(this[name], text);

    public void Lines(string name, params string[] lines) => Write(name, string.Concat(lines.Select(static l => l + "\n")));

    public void Rename(string from, string to) => File.Move(this[from], this[to], overwrite: true);

    public void Copy(string from, string to) => File.WriteAllBytes(this[to], File.ReadAllBytes(this[from]));

    public void Truncate(string name)
    {
        using FileStream file = File.Open(this[name], FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.SetLength(0);
    }

    public void CopyTruncate(string name, string copy)
    {
        Copy(name, copy);
        Truncate(name);
    }

    public void Gzip(string name)
    {
        DateTime modified = File.GetLastWriteTimeUtc(this[name]);
        using (FileStream target = File.Create(this[name + ".gz"]))
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest))
        {
            gzip.Write(File.ReadAllBytes(this[name]));
        }

        File.SetLastWriteTimeUtc(this[name + ".gz"], modified);
        File.Delete(this[name]);
    }

    public void Dispose()
    {
        Crash();
        _state.Dispose();
        _directory.Dispose();
    }
}
