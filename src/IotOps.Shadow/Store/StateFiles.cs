using System.Globalization;
using System.IO.Abstractions;
using IotOps.Shared;

namespace IotOps.Shadow.Store;

/// <summary>
/// The names in a state directory: a snapshot and the one before it, readable or encrypted, and the journals of what came after each.
/// </summary>
/// <remarks>Snapshot N and the journals N, N+1, ... are the whole state; snapshot N-1 and the journals N-1, N, N+1, ... are it too.</remarks>
internal sealed class StateFiles(string directory, IFileSystem fileSystem, TimeProvider time)
{
    /// <summary>The flag of journals and snapshots that are encrypted.</summary>
    public const int EncryptedFlag = 1;

    private const string JournalPrefix = "journal.";

    /// <summary>Of the journals. No record is longer than two documents of 30 KB, their metadata and a patch.</summary>
    public static JournalFormat Format { get; } = new("IOSHADJ1", maxContentBytes: 1 << 20);

    public IFileSystem FileSystem => fileSystem;

    public string Directory => directory;

    public string Snapshot(bool isEncrypted) => Path.Combine(directory, isEncrypted ? "shadow.bin" : "shadow.json");

    public string Previous(bool isEncrypted) => Snapshot(isEncrypted) + ".previous";

    public string Journal(long generation) => Path.Combine(directory, JournalPrefix + generation.ToString("D10", CultureInfo.InvariantCulture));

    /// <summary>The generations of the journals there are, oldest first.</summary>
    public List<long> Journals()
    {
        List<long> generations = [];
        foreach (string path in fileSystem.Directory.EnumerateFiles(directory, JournalPrefix + "*"))
        {
            // Journals set aside have a further extension.
            if (long.TryParse(Path.GetFileName(path).AsSpan(JournalPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long generation))
            {
                generations.Add(generation);
            }
        }

        generations.Sort();
        return generations;
    }

    /// <summary>Whether there is state that is encrypted, or readable.</summary>
    public bool Has(bool encrypted)
    {
        // A journal without a record holds no state: it may be of a snapshot that was never finished.
        return fileSystem.File.Exists(Snapshot(encrypted)) || fileSystem.File.Exists(Previous(encrypted))
            || Journals().Exists(generation => TryReadJournalHeader(generation, out bool isEncrypted, out bool hasRecords) && isEncrypted == encrypted && hasRecords);
    }

    /// <summary>Whether a journal is encrypted; false when its header is damaged or cannot be read.</summary>
    public bool TryReadJournalHeader(long generation, out bool isEncrypted, out bool hasRecords)
    {
        (isEncrypted, hasRecords) = (false, false);
        try
        {
            using Stream file = fileSystem.FileStream.New(Journal(generation), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
            Span<byte> header = stackalloc byte[JournalFormat.HeaderBytes];
            _ = file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
            bool hasHeader = Format.TryReadHeader(header, out long written, out int flags) && written == generation;
            isEncrypted = hasHeader && flags == EncryptedFlag;
            hasRecords = file.Length > JournalFormat.HeaderBytes;
            return hasHeader;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Whoever replays it finds the same, and tells it.
            return false;
        }
    }

    /// <summary>Closes files of an older version to others than their owner.</summary>
    public void Close()
    {
        foreach (string pattern in (ReadOnlySpan<string>)["shadow.*", JournalPrefix + "*"])
        {
            foreach (string path in fileSystem.Directory.EnumerateFiles(directory, pattern))
            {
                PrivateFiles.Close(fileSystem, path);
            }
        }
    }

    /// <summary>Puts what an earlier process wrote to a journal on the disk, as far as the disk lets it.</summary>
    public bool TryFlush(long generation)
    {
        try
        {
            using FileSystemStream file = fileSystem.FileStream.New(Journal(generation), FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 1);
            file.Flush(flushToDisk: true);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Moves a damaged file to a name that nothing else uses; null when the disk refuses.</summary>
    public string? SetAside(string path)
    {
        string stamp = time.GetUtcNow().ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
        string kept = $"{path}.damaged-{stamp}";
        for (int i = 2; fileSystem.File.Exists(kept); i++)
        {
            kept = $"{path}.damaged-{stamp}-{i.ToString(CultureInfo.InvariantCulture)}";
        }

        try
        {
            fileSystem.File.Move(path, kept);
            return kept;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
