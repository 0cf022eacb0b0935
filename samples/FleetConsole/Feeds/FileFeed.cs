using System.Buffers;
using System.Text;
using System.Text.Json;
using IotOps.Fleet;
using IotOps.Samples.FleetConsole.Store;
using IotOps.Samples.Lines;
using IotOps.Shared;

namespace IotOps.Samples.FleetConsole.Feeds;

/// <summary>
/// Files as they lie in a bucket or come out of an export, in and below a folder: IoT logs and other lines, plain or gzip, CloudTrail's log files, things,
/// shadows. Each is read to where its position in the store says; then the folder is watched for new files and lines. A file that is bad costs itself.
/// </summary>
/// <param name="folder">The folder.</param>
/// <param name="segments">Segments of things.</param>
/// <param name="clock">The clock of the waits.</param>
internal sealed class FileFeed(string folder, SegmentRules segments, TimeProvider clock) : IFeed
{
    /// <summary>Bytes that a line may have; a longer one is passed over.</summary>
    public const int LongestLine = 1 << 20;

    private const int LargestWholeFile = 64 << 20;
    private static readonly TimeSpan Watch = TimeSpan.FromMilliseconds(500);

    // The simulator's own truth, and what this feed puts beside a digest.
    private static readonly string[] PassedOver = ["faults.json", "public-keys.json"];

    private readonly Dictionary<string, FilePosition> _positions = new(StringComparer.Ordinal);
    private readonly MessageReader _messages = new(segments);

    public string Name => "files";

    public async Task RunAsync(IConsoleWriter store, FeedProgress progress, CancellationToken cancellationToken)
    {
        while (true)
        {
            await ReadAllAsync(store, progress, cancellationToken);
            await Task.Delay(Watch, clock, cancellationToken);
        }
    }

    /// <summary>Reads what is there and was not read.</summary>
    public async Task ReadAllAsync(IConsoleWriter store, FeedProgress progress, CancellationToken cancellationToken)
    {
        // Things first: their segments hold for the events behind them.
        foreach (string path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(IsRead)
            .OrderBy(path => Path.GetFileName(path).StartsWith("things", StringComparison.Ordinal) ? 0 : 1).ThenBy(path => path, StringComparer.Ordinal))
        {
            string part = Path.GetRelativePath(folder, path).Replace('\\', '/');
            progress.At = part;
            try
            {
                await ReadAsync(store, path, part, progress, cancellationToken);
            }
            catch (Exception e) when (e is UnauthorizedAccessException or InvalidDataException or FormatException || (e is IOException && !File.Exists(path)))
            {
                progress.Problem($"{part}: {e.Message}");
                _positions[part] = Done(path, long.MaxValue);
            }
        }

        progress.At = null;
    }

    private static bool IsRead(string path) =>
        !Path.GetFileName(path).StartsWith('.') && !PassedOver.Contains(Path.GetFileName(path), StringComparer.Ordinal) && !path.Contains("/CloudTrail-Digest/", StringComparison.Ordinal);

    private static FilePosition Done(string path, long read)
    {
        var file = new FileInfo(path);
        return file.Exists ? new FilePosition(read, file.Length, file.LastWriteTimeUtc.Ticks) : FilePosition.Begin;
    }

    private async Task ReadAsync(IConsoleWriter store, string path, string part, FeedProgress progress, CancellationToken cancellationToken)
    {
        if (!_positions.TryGetValue(part, out FilePosition? position))
        {
            position = await store.ReadPositionAsync($"{Name}/{part}", cancellationToken) is { } kept ? FilePosition.Parse(kept.Span) : FilePosition.Begin;
            _positions[part] = position;
        }

        FilePosition now = Done(path, position.Read);
        if (now == position || now.Length == 0)
        {
            return;
        }

        if (position.Length > now.Length)
        {
            // Another file of the same name: what it has in common with the old one counts once all the same.
            position = FilePosition.Begin;
        }

        var items = new FeedItems();
        now = now with { Read = await ReadContentAsync(store, path, part, position, items, progress, cancellationToken) };
        await HandOverAsync(store, part, now, items, progress, cancellationToken);
    }

    private async Task<long> ReadContentAsync(
        IConsoleWriter store, string path, string part, FilePosition position, FeedItems items, FeedProgress progress, CancellationToken cancellationToken)
    {
        if (IsTrail(path))
        {
            await ReadTrailAsync(store, path, part, items, progress, cancellationToken);
            return 0;
        }

        await using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 64 << 10);
        bool isGzip = IsGzip(file);
        if (Path.GetExtension(path) == ".json" && file.Length <= LargestWholeFile && !isGzip)
        {
            ReadWhole(await File.ReadAllBytesAsync(path, cancellationToken), part, Done(path, 0).Changed, items);
            return 0;
        }

        if (!isGzip)
        {
            file.Position = Math.Min(position.Read, file.Length);
            return await ReadLinesAsync(store, file, position.Read, part, -1, items, progress, cancellationToken);
        }

        var plain = new ArrayBufferWriter<byte>(64 << 10);
        await using var text = new GunzipStream(file, new Inflater(plain), plain);
        return await ReadLinesAsync(store, text, 0, part, position.Read, items, progress, cancellationToken);
    }

    private async Task<long> ReadLinesAsync(
        IConsoleWriter store, Stream text, long begin, string part, long passOver, FeedItems items, FeedProgress progress, CancellationToken cancellationToken)
    {
        using var lines = new LineReader(text, LongestLine, begin);
        long read = begin;

        // The store writes what was read while the next lines are read: each has a processor.
        Task writing = Task.CompletedTask;
        try
        {
            while (await NextAsync(lines, part, progress, cancellationToken))
            {
                if (lines.Position <= passOver)
                {
                    read = lines.Position;
                    continue;
                }

                // The last line of a file that is being written may end anywhere; a packed file is whole.
                if (!lines.HasEnd && passOver < 0 && !IsWhole(lines.Line))
                {
                    return read;
                }

                Read(lines, part, items, progress);
                read = lines.Position;
                if (items.IsFull)
                {
                    await writing;
                    writing = HandOverAsync(store, part, new FilePosition(read, -1, 0), items, progress, cancellationToken);
                }
            }

            return read;
        }
        finally
        {
            await writing;
        }
    }

    // What a damaged gzip had before its fault is kept.
    private static async ValueTask<bool> NextAsync(LineReader lines, string part, FeedProgress progress, CancellationToken cancellationToken)
    {
        try
        {
            return await lines.NextAsync(cancellationToken);
        }
        catch (InvalidDataException e)
        {
            progress.Problem($"{part}: {e.Message} The lines before are kept.");
            return false;
        }
    }

    private static bool IsWhole(ReadOnlyMemory<byte> line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void Read(LineReader lines, string part, FeedItems items, FeedProgress progress)
    {
        try
        {
            if (lines.IsTooLong)
            {
                throw new FormatException($"it is longer than {LongestLine} bytes");
            }

            _messages.ReadLine(lines.Line.TrimEnd((byte)'\r'), items);
        }
        catch (FormatException e)
        {
            progress.Problem($"{part}, byte {lines.Position}: {e.Message}");
        }
    }

    private static bool IsTrail(string path) => path.Contains("/CloudTrail/", StringComparison.Ordinal) || Path.GetFileName(path).Contains("_CloudTrail_", StringComparison.Ordinal);

    private async Task ReadTrailAsync(IConsoleWriter store, string path, string part, FeedItems items, FeedProgress progress, CancellationToken cancellationToken)
    {
        // The store knows which records came before, over restarts too.
        using var reader = new CloudTrailReader(new CloudTrailReaderOptions { RememberedEvents = 0 });
        await foreach (CloudTrailRecord record in reader.ReadFilesAsync([path], cancellationToken))
        {
            if (TrailRow.Of(record) is { } row)
            {
                items.Trail.Add(row);
                items.Grow(row.Json.Length);
                if (items.IsFull)
                {
                    await HandOverAsync(store, part, FilePosition.Begin, items, progress, cancellationToken);
                }
            }
        }

        foreach (CloudTrailProblem problem in reader.Problems)
        {
            progress.Problem(problem.ToString());
        }
    }

    // A list of things, a shadow of shadows/THING.json or shadows/THING/NAME.json, or one message.
    private void ReadWhole(byte[] json, string part, long changed, FeedItems items)
    {
        if (Path.GetFileName(part).StartsWith("things", StringComparison.Ordinal))
        {
            foreach (FleetThing thing in FleetThing.ReadAll(Encoding.UTF8.GetString(json)))
            {
                _messages.ReadThing(thing, items);
            }

            return;
        }

        string[] folders = part.Split('/');
        string name = Path.GetFileNameWithoutExtension(part);
        string? topic = folders switch
        {
            [.., "shadows", _] => $"$aws/things/{name}/shadow",
            [.., "shadows", var thing, _] => $"$aws/things/{thing}/shadow/name/{name}",
            _ => null,
        };
        _messages.Read(json, topic, new DateTimeOffset(changed, TimeSpan.Zero), items);
    }

    private async Task HandOverAsync(IConsoleWriter store, string part, FilePosition position, FeedItems items, FeedProgress progress, CancellationToken cancellationToken)
    {
        progress.Take(await store.AppendAsync(items.Take($"{Name}/{part}", position.ToBytes()), cancellationToken));
        _positions[part] = position;
    }

    private static bool IsGzip(FileStream file)
    {
        Span<byte> begin = stackalloc byte[2];
        int read = file.ReadAtLeast(begin, 2, throwOnEndOfStream: false);
        file.Position = 0;
        return read == 2 && begin[0] == 0x1F && begin[1] == 0x8B;
    }
}
