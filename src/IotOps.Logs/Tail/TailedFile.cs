using IotOps.Logs.Files;
using IotOps.Logs.Reading;

namespace IotOps.Logs.Tail;

/// <summary>One source: bytes that only ever grow, wherever they are now. Its position is the start of the first event not yet taken by its sink.</summary>
internal sealed class TailedFile
{
    public TailedFile(FileGroup group, string path, in FileStat stat, string foundAs, DateTimeOffset firstSeen)
    {
        Group = group;
        FoundAs = foundAs;
        FirstSeen = firstSeen;
        Destination = group.Destination(foundAs, firstSeen);
        Path = path;
        EncodedPath = FileProbe.Encode(path);
        Identity = stat.Identity;
        Now = stat;
    }

    /// <summary>In the checkpoint's numbering; 0 until it is there.</summary>
    public long Id { get; set; }

    public FileGroup Group { get; private set; }

    public LogDestination Destination { get; set; }

    /// <summary>The path it was found under, which its stream may carry however it is renamed.</summary>
    public string FoundAs { get; private set; }

    /// <summary>When it was first seen; the day its stream may carry before its first event.</summary>
    public DateTimeOffset FirstSeen { get; }

    /// <summary>An entry of the configuration selects it. Otherwise it is <see cref="FileState.Absent"/>.</summary>
    public bool IsSelected { get; set; } = true;

    public FileState State { get; set; }

    /// <summary>Its content was compared with what the checkpoint remembers of it.</summary>
    public bool IsConfirmed { get; set; } = true;

    /// <summary>Whose copy this seems to be, while held.</summary>
    public TailedFile? CopyOf { get; set; }

    public string Path { get; private set; }

    public byte[] EncodedPath { get; private set; }

    /// <summary>What the path led to when it was a symbolic link.</summary>
    public string? Target { get; set; }

    public FileIdentity Identity { get; private set; }

    /// <summary>Another file has its name by now, or will soon.</summary>
    public bool IsRotated { get; set; }

    /// <summary>Nothing but NULs was seen from the position to here.</summary>
    public long NulsEnd { get; set; }

    /// <summary>Compressed content is whole; where it is not, the file's end is known by its time.</summary>
    public bool IsGzip { get; set; }

    /// <summary>The newest the system said about it.</summary>
    public FileStat Now { get; set; }

    /// <summary>When it was last seen to be written, on the monotonic clock.</summary>
    public long ChangedAt { get; set; }

    /// <summary>The system's clock, nanoseconds since 1970, when the content was last read to its end.</summary>
    public long ReadAtNs { get; set; }

    public long Position { get; set; }

    public Fingerprint Head { get; set; }

    public WindowMark Mark { get; set; }

    public TextEncoding? Encoding { get; set; }

    public int PreambleLength { get; set; }

    /// <summary>Bytes behind the position in which no event's end was found.</summary>
    public int Scanned { get; set; }

    /// <summary>The event before the position was cut, and goes on there with this time.</summary>
    public bool Continues { get; set; }

    public long ContinuedTimestamp { get; set; } = TailedEvent.NoTimestamp;

    /// <summary>The last time that was read in its text, which lines without one take: the rows of a stack trace belong to its first.</summary>
    public long LastTimestamp { get; set; } = TailedEvent.NoTimestamp;

    public long LastEventEnd { get; set; }

    /// <summary>The UTC day of its events, where its stream carries it; the first before any was read.</summary>
    public DateOnly Day { get; private set; }

    /// <summary>The event before the position was cut and is not shipped, and neither is its rest.</summary>
    public bool IsLeftOut { get; set; }

    /// <summary>There may be something to read, to verify or, while held, to compare.</summary>
    public bool HasUnread { get; set; } = true;

    /// <summary>The round of reading in which its sink had no room; 0 when it had.</summary>
    public long BlockedIn { get; set; }

    /// <summary>Bytes behind the position that are no whole event yet.</summary>
    public int RestLength { get; set; }

    /// <summary>Only more bytes can make an event of them, not time.</summary>
    public bool IsRestUnfinished { get; set; }

    /// <summary>Those bytes, as long as they are few; for the day the file loses them.</summary>
    public byte[] Rest { get; set; } = [];

    /// <summary>Refreshes in a row that did not find it.</summary>
    public int Missing { get; set; }

    /// <summary>The bytes will not be there again.</summary>
    public bool IsVanishing { get; set; }

    /// <summary>How far the sink knows that.</summary>
    public long VanishingToldAt { get; set; }

    /// <summary>Damage of its compressed content was told.</summary>
    public bool WasReported { get; set; }

    /// <summary>The last try to read it failed, and that was told.</summary>
    public bool IsFaulty { get; set; }

    /// <summary>It was there before the first run and its group starts at the end, but it could not be read yet.</summary>
    public bool WasThereAtFirst { get; set; }

    /// <summary>It says that it is no text; looked at again when it changes.</summary>
    public bool IsLeftAlone { get; set; }

    /// <summary>Tries that failed in a row.</summary>
    public int Faults { get; set; }

    /// <summary>Not tried again before, on the monotonic clock.</summary>
    public long RetryAt { get; set; }

    /// <summary>Its content is on the disk no more: truncated, overwritten, or seen to be deleted.</summary>
    public bool IsDestroyed { get; set; }

    /// <summary>A file that may be its copy could not be read yet.</summary>
    public bool MayHaveCopy { get; set; }

    /// <summary>Since when it is <see cref="FileState.Absent"/>, milliseconds since 1970.</summary>
    public long AbsentSinceMs { get; set; }

    public SourceContent? Content { get; set; }

    public LinkedListNode<TailedFile>? OpenNode { get; set; }

    /// <summary>Its place in the checkpoint must be on the disk before it is read.</summary>
    public bool IsUnsaved { get; set; }

    public bool IsReadable => State is FileState.Tailed or FileState.Detached or FileState.Remembered && !IsUnsaved;

    /// <summary>It has content, and is no source yet.</summary>
    public bool IsUnread => State is FileState.New or FileState.Held && Now.Size > 0;

    public bool IsStarted => State is not (FileState.New or FileState.Held);

    public bool IsBlockedIn(long round) => BlockedIn == round;

    /// <summary>The events to come are of another day.</summary>
    public void Turn(DateOnly day)
    {
        Day = day;
        Destination = Group.Destination(FoundAs, new DateTimeOffset(day, default, TimeSpan.Zero));
    }

    /// <summary>An entry of the configuration selects it now.</summary>
    public void Assign(FileGroup group, string foundAs)
    {
        Group = group;
        FoundAs = foundAs;
        Destination = group.Destination(foundAs, FirstSeen);
        IsSelected = true;
    }

    public void MoveTo(string path, FileIdentity identity)
    {
        Path = path;
        EncodedPath = FileProbe.Encode(path);
        Identity = identity;
    }

    /// <summary>Takes what the system says now; a change means reading, and so does a change too fresh for its time to tell.</summary>
    public void Observe(in FileStat stat, long timestamp)
    {
        if (!stat.SameState(Now))
        {
            // A rename changes a file's state, too, but only a write is a sign of life.
            ChangedAt = stat.Size != Now.Size || stat.ModifiedNs != Now.ModifiedNs ? timestamp : ChangedAt;
            HasUnread = true;
        }
        else if (State != FileState.Detached && (ReadAtNs == 0 || FileProbe.IsFresh(stat.ModifiedNs, ReadAtNs) || FileProbe.IsFresh(stat.ChangedNs, ReadAtNs)))
        {
            HasUnread = true;
        }

        Now = stat;
        Missing = 0;
    }
}
