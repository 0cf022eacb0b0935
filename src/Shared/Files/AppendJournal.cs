using System.Buffers;
using System.IO.Abstractions;

namespace IotOps.Shared;

/// <summary>
/// A file of records that is only appended to. Records are collected in a batch, written in one piece and flushed once: a record counts when
/// <see cref="Commit"/> has returned. The file grows until <see cref="Compact"/> replaces it by a new generation. One caller at a time.
/// </summary>
internal sealed class AppendJournal : IDisposable
{
    private const int CompactChunkBytes = 64 * 1024;

    private readonly IFileSystem _fileSystem;
    private readonly string _path;
    private readonly JournalFormat _format;
    private readonly int _flags;
    private readonly ArrayBufferWriter<byte> _batch = new();
    private FileSystemStream? _file;
    private long _batchRecords;

    private AppendJournal(IFileSystem fileSystem, string path, JournalFormat format, int flags)
    {
        _fileSystem = fileSystem;
        _path = path;
        _format = format;
        _flags = flags;
    }

    /// <summary>One more with every compaction.</summary>
    public long Generation { get; private set; }

    /// <summary>Bytes of the file that count, its header included.</summary>
    public long Length { get; private set; }

    /// <summary>The last committed record's number in this generation; 0 before the first.</summary>
    public long Sequence { get; private set; }

    /// <summary>The number that the next record added will have.</summary>
    public long NextSequence => Sequence + _batchRecords + 1;

    /// <summary>True when records wait for <see cref="Commit"/>.</summary>
    public bool HasBatch => _batchRecords > 0;

    /// <summary>False after damage or a failed write: the file takes no record before <see cref="Compact"/> has replaced it.</summary>
    public bool IsWritable => _file is not null;

    /// <summary>Makes an empty journal, over whatever has its name; its header is on the disk when this returns, its name is not flushed.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public static AppendJournal Create(IFileSystem fileSystem, string path, JournalFormat format, long generation, int flags = 0)
    {
        var journal = new AppendJournal(fileSystem, path, format, flags) { Generation = generation, Length = JournalFormat.HeaderBytes };
        FileSystemStream file = PrivateFiles.Open(fileSystem, path, FileMode.Create, FileAccess.Write, FileShare.Read);
        try
        {
            file.Write(format.Header(generation, flags));
            file.Flush(flushToDisk: true);
        }
        catch
        {
            file.Dispose();
            throw;
        }

        journal._file = file;
        return journal;
    }

    /// <summary>Opens a journal, or makes an empty one of generation 1, and replays its records up to the first damage.</summary>
    /// <param name="fileSystem">Where.</param>
    /// <param name="path">The file.</param>
    /// <param name="format">Its kind.</param>
    /// <param name="replay">Called with each record's content, valid during the call, in the order in which they were added.</param>
    /// <param name="damage">What could not be read, null when all was well. The file then stays as it is until <see cref="Compact"/>.</param>
    /// <exception cref="IOException">The disk refused.</exception>
    public static AppendJournal Open(
        IFileSystem fileSystem, string path, JournalFormat format, Action<ReadOnlySpan<byte>> replay, out JournalDamage? damage)
    {
        damage = null;
        if (!fileSystem.File.Exists(path))
        {
            AppendJournal created = Create(fileSystem, path, format, generation: 1);
            DurableFile.FlushDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            return created;
        }

        PrivateFiles.Close(fileSystem, path);
        ReadOnlySpan<byte> bytes = fileSystem.File.ReadAllBytes(path);
        bool hasHeader = format.TryReadHeader(bytes, out long generation, out int flags);
        var journal = new AppendJournal(fileSystem, path, format, flags) { Generation = generation };
        int at = hasHeader ? JournalFormat.HeaderBytes : 0;
        while (hasHeader && format.TryReadRecord(bytes[at..], generation, out long sequence, out ReadOnlySpan<byte> content) && sequence == journal.Sequence + 1)
        {
            replay(content);
            journal.Sequence = sequence;
            at += JournalFormat.RecordHeaderBytes + content.Length;
        }

        journal.Length = at;
        if (hasHeader && at == bytes.Length)
        {
            journal._file = journal.OpenAtEnd();
        }
        else
        {
            damage = new JournalDamage(at, bytes.Length - at, hasHeader && !HasRecord(format, bytes[at..], generation));
        }

        return journal;
    }

    /// <summary>Takes a record into the batch.</summary>
    /// <exception cref="InvalidOperationException">The file takes no record before it is compacted.</exception>
    public void Add(ReadOnlySpan<byte> content)
    {
        if (!IsWritable)
        {
            throw new InvalidOperationException($"The journal '{_path}' is damaged or a write to it failed; compact it first.");
        }

        _format.WriteRecord(_batch, Generation, NextSequence, content);
        _batchRecords++;
    }

    /// <summary>Forgets the records that were added since the last commit.</summary>
    public void DropBatch()
    {
        _batch.ResetWrittenCount();
        _batchRecords = 0;
    }

    /// <summary>Writes the batch, in one piece.</summary>
    /// <param name="flush">Waits until it is on the disk; otherwise it is with the operating system.</param>
    /// <exception cref="IOException">The disk refused: nothing of the batch counts, none of it comes back at the next start, and the file takes no more.</exception>
    public void Commit(bool flush)
    {
        if (!HasBatch)
        {
            return;
        }

        try
        {
            _file!.Write(_batch.WrittenSpan);
            if (flush)
            {
                _file.Flush(flushToDisk: true);
            }

            Length += _batch.WrittenCount;
            Sequence += _batchRecords;
        }
        catch
        {
            Abandon();
            throw;
        }
        finally
        {
            DropBatch();
        }
    }

    /// <summary>Puts what was committed without a flush on the disk.</summary>
    /// <exception cref="IOException">The disk refused; what of it is on the disk is not known, and the file takes no more.</exception>
    public void Flush()
    {
        try
        {
            _file?.Flush(flushToDisk: true);
        }
        catch
        {
            Close();
            throw;
        }
    }

    /// <summary>Replaces the file by a new generation; the old one stays whole until the new one is. A batch is dropped.</summary>
    /// <param name="live">The records to keep, which may be made while this runs.</param>
    /// <exception cref="IOException">The disk refused. While <see cref="IsWritable"/> is true the old file still takes records.</exception>
    public void Compact(IEnumerable<ReadOnlyMemory<byte>> live)
    {
        DropBatch();
        long generation = Generation + 1;
        using var next = new DurableFile(_fileSystem, _path);
        next.Content.Write(_format.Header(generation, _flags));
        long length = JournalFormat.HeaderBytes;
        long sequence = 0;
        try
        {
            foreach (ReadOnlyMemory<byte> content in live)
            {
                _format.WriteRecord(_batch, generation, ++sequence, content.Span);
                if (_batch.WrittenCount >= CompactChunkBytes)
                {
                    length += WriteChunk(next.Content);
                }
            }

            length += WriteChunk(next.Content);
        }
        finally
        {
            DropBatch();
        }

        next.Flush();

        // Not before now: until the new file is on the disk the old one must take records. Windows does not rename over an open file.
        Close();

        // Whether or not the rename succeeds: two files of one generation must not exist.
        (Generation, Sequence, Length) = (generation, sequence, length);
        next.Commit();
        _file = OpenAtEnd();
    }

    /// <summary>Lets go of the file. A batch is dropped; what was committed without a flush is left to the operating system.</summary>
    public void Dispose() => Close();

    private static bool HasRecord(JournalFormat format, ReadOnlySpan<byte> bytes, long generation)
    {
        for (; bytes.Length > JournalFormat.RecordHeaderBytes; bytes = bytes[1..])
        {
            if (format.TryReadRecord(bytes, generation, out _, out _))
            {
                return true;
            }
        }

        return false;
    }

    private int WriteChunk(Stream target)
    {
        int count = _batch.WrittenCount;
        target.Write(_batch.WrittenSpan);
        _batch.ResetWrittenCount();
        return count;
    }

    private FileSystemStream OpenAtEnd()
    {
        FileSystemStream file = _fileSystem.FileStream.New(_path, FileMode.Open, FileAccess.Write, FileShare.Read, 1);
        file.Position = Length;
        return file;
    }

    private void Abandon()
    {
        try
        {
            // After a failed flush the system may show pages that the disk does not have: this file takes no more.
            _file!.SetLength(Length);
            _file.Flush(flushToDisk: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next start finds the half-written end by its checksum.
        }

        Close();
    }

    private void Close()
    {
        _file?.Dispose();
        _file = null;
    }
}
