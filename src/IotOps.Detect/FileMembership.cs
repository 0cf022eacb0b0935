using System.Text.Json;
using IotOps.Detect.Membership;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotOps.Detect;

/// <summary>
/// The thing groups of a fleet out of a file, for hosts that do not ask AWS IoT: JSON as <c>aws iot search-index</c> prints it, an array of things or an
/// object with an array <c>things</c>, each with <c>thingName</c> and <c>thingGroupNames</c>. The file is the registry: a name that is not in it is no
/// thing. It is looked at again every minute and read when it has changed; while it cannot be read, what was read last holds. Safe for concurrent use.
/// </summary>
public sealed class FileMembership : IFleetMembership, IAsyncDisposable
{
    /// <summary>The largest file that is read: 256 MiB.</summary>
    public const long MaxBytes = 256L << 20;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly string _path;
    private (DateTime Time, long Length) _seen;
    private MembershipRefresh? _refresh;

    private FileMembership(string path) => _path = path;

    /// <summary>The things of the file.</summary>
    public int Things => Refresh.Last.Things;

    internal MembershipRefresh Refresh => _refresh ?? throw new InvalidOperationException("It is not loaded.");

    /// <summary>Reads the file for the first time.</summary>
    /// <param name="path">The file.</param>
    /// <param name="timeProvider">The clock; the system's when null.</param>
    /// <param name="loggerFactory">Where it is logged that the file could not be read again.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    /// <exception cref="InvalidDataException">It has something else in it; the message says what.</exception>
    public static async Task<FileMembership> LoadAsync(
        string path, TimeProvider? timeProvider = null, ILoggerFactory? loggerFactory = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var membership = new FileMembership(path);
        ILogger logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger<FileMembership>();
        membership._refresh = await MembershipRefresh.StartAsync(
            membership.ReadAsync, Interval, timeProvider ?? TimeProvider.System, logger, cancellationToken).ConfigureAwait(false);
        return membership;
    }

    /// <inheritdoc/>
    public IReadOnlyCollection<string>? GroupsOf(string thing) => Refresh.Last.GroupsOf(thing);

    /// <summary>Ends the reading.</summary>
    public ValueTask DisposeAsync() => Refresh.DisposeAsync();

    private async Task<MembershipSnapshot> ReadAsync(MembershipSnapshot? last, CancellationToken cancellationToken)
    {
        var file = new FileInfo(_path);
        (DateTime, long) seen = file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
        if (last is not null && file.Exists && seen == _seen)
        {
            return last;
        }

        if (file is { Exists: true, Length: > MaxBytes })
        {
            throw new InvalidDataException($"{_path} has {file.Length} bytes; {MaxBytes} are read at most.");
        }

        FileStream stream = File.OpenRead(_path);
        await using (stream.ConfigureAwait(false))
        {
            MembershipSnapshot snapshot = await ReadAsync(stream, cancellationToken).ConfigureAwait(false);
            _seen = seen;
            return snapshot;
        }
    }

    private async Task<MembershipSnapshot> ReadAsync(FileStream stream, CancellationToken cancellationToken)
    {
        try
        {
            using JsonDocument document = await JsonDocument.ParseAsync(stream, new JsonDocumentOptions { MaxDepth = 512 }, cancellationToken).ConfigureAwait(false);
            JsonElement root = document.RootElement;
            JsonElement things = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("things"u8, out JsonElement inner) ? inner : root;
            if (things.ValueKind != JsonValueKind.Array)
            {
                throw new InvalidDataException($"{_path} is neither an array of things nor an object with an array 'things'.");
            }

            var builder = new MembershipBuilder(int.MaxValue);
            int number = 0;
            foreach (JsonElement thing in things.EnumerateArray())
            {
                Add(builder, thing, ++number);
            }

            return builder.Build(isRegistry: true);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{_path} is not JSON: {e.Message}", e);
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidDataException($"{_path} has a text with half of a surrogate pair.", e);
        }
    }

    private void Add(MembershipBuilder builder, JsonElement thing, int number)
    {
        if (thing.ValueKind != JsonValueKind.Object || !thing.TryGetProperty("thingName"u8, out JsonElement name) || name.ValueKind != JsonValueKind.String)
        {
            throw new InvalidDataException($"{_path}: thing {number} is not an object with a text 'thingName'.");
        }

        builder.Add(name.GetString()!);
        if (!thing.TryGetProperty("thingGroupNames"u8, out JsonElement groups))
        {
            return;
        }

        if (groups.ValueKind != JsonValueKind.Array || groups.EnumerateArray().Any(group => group.ValueKind != JsonValueKind.String))
        {
            throw new InvalidDataException($"{_path}: 'thingGroupNames' of {name} is not an array of texts.");
        }

        foreach (JsonElement group in groups.EnumerateArray())
        {
            builder.Add(name.GetString()!, group.GetString()!);
        }
    }
}
