using System.Buffers;
using System.IO.Abstractions;
using System.Security.Cryptography;
using System.Text;
using IotOps.Logs.Batching;
using IotOps.Shared;
using Microsoft.Extensions.Logging;

namespace IotOps.Logs.Spool;

/// <summary>The spool's files, <c>spool/&lt;stream&gt;/&lt;sequence&gt;.seg</c>: made, written, found, read. Keeps nothing between calls.</summary>
internal sealed class SegmentFiles(IFileSystem fileSystem, string directory, TimeProvider time, ILogger logger)
{
    private const string Extension = ".seg";

    /// <summary>Finds what an earlier run left, oldest first. Torn ends are cut off, unreadable files are set aside.</summary>
    public List<SpoolSegment> Find()
    {
        List<SpoolSegment> found = [];
        if (!fileSystem.Directory.Exists(directory))
        {
            return found;
        }

        foreach (string path in fileSystem.Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories))
        {
            PrivateFiles.Close(fileSystem, path);
            if (path.EndsWith(DurableFile.Suffix, StringComparison.Ordinal))
            {
                fileSystem.File.Delete(path);
            }
            else if (path.EndsWith(Extension, StringComparison.Ordinal) && Survey(path) is { } segment)
            {
                found.Add(segment);
            }
        }

        found.Sort((a, b) => a.Sequence.CompareTo(b.Sequence));
        return found;
    }

    /// <summary>Makes an empty segment for events to come.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public OpenSegment Create(LogDestination destination, long sequence)
    {
        string path = PathOf(destination, sequence);
        PrivateFiles.CreateDirectory(fileSystem, fileSystem.Path.GetDirectoryName(path)!);
        byte[] header = SpoolFormat.Header(sequence, destination, []);

        // No buffer: what Append wrote must be with the system, not with this process, when it returns.
        Stream file = PrivateFiles.Open(fileSystem, path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            file.Write(header);
        }
        catch
        {
            file.Dispose();
            throw;
        }

        var segment = new SpoolSegment
        {
            Path = path,
            Sequence = sequence,
            Destination = destination,
            Positions = [],
            Length = header.Length,
            FirstAt = time.GetTimestamp(),
        };
        return new OpenSegment(segment, file);
    }

    /// <summary>Writes what remains of a batch, durably.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public SpoolSegment Write(LogDestination destination, LogBatch batch, long sequence)
    {
        string path = PathOf(destination, sequence);
        byte[] record = ArrayPool<byte>.Shared.Rent(SpoolFormat.RecordHeaderBytes + batch.LongestMessage);
        var segment = new SpoolSegment
        {
            Path = path,
            Sequence = sequence,
            Destination = destination,
            Positions = batch.Positions,
            FirstAt = batch.FirstAt,
            Flushed = true,
        };
        try
        {
            PrivateFiles.CreateDirectory(fileSystem, fileSystem.Path.GetDirectoryName(path)!);
            using var file = new DurableFile(fileSystem, path, 64 * 1024);
            byte[] header = SpoolFormat.Header(sequence, destination, batch.Positions);
            file.Content.Write(header);
            segment.Length = header.Length;
            for (int index = 0; index < batch.Count; index++)
            {
                if ((batch.FlagsAt(index) & EventFlags.Done) != EventFlags.None)
                {
                    continue;
                }

                ReadOnlySpan<byte> message = batch.MessageAt(index);
                int length = SpoolFormat.WriteRecord(record, sequence, batch.TimestampAt(index), batch.FlagsAt(index), message);
                file.Content.Write(record, 0, length);
                segment.Length += length;
                segment.Count++;
                segment.ServiceBytes += message.Length + BatchLimits.EventOverhead;
            }

            file.Commit();

            // The name of the stream's directory, which may be new, must outlive a power cut too.
            DurableFile.FlushDirectory(directory);
            return segment;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(record);
        }
    }

    /// <summary>Reads a segment into a batch, as far as it is intact; null when the memory budget has no room now.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public LogBatch? Read(SpoolSegment segment, LogBuffers buffers)
    {
        byte[] file = ArrayPool<byte>.Shared.Rent((int)segment.Length);
        var batch = new LogBatch(buffers);
        try
        {
            ReadOnlySpan<byte> bytes = file.AsSpan(0, ReadWhole(segment, file));
            SpoolFormat.TryReadHeader(bytes, out int at, out _, out _, out _);
            while (batch.Count < segment.Count
                && SpoolFormat.TryReadRecord(bytes[at..], segment.Sequence, out long timestamp, out EventFlags flags, out ReadOnlySpan<byte> message))
            {
                if (!batch.TryAppend(timestamp, flags, message))
                {
                    batch.Dispose();
                    return null;
                }

                at += SpoolFormat.RecordHeaderBytes + message.Length;
            }

            return batch;
        }
        catch
        {
            batch.Dispose();
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(file);
        }
    }

    /// <summary>Forces a segment through to the disk.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public void Flush(SpoolSegment segment)
    {
        using FileSystemStream stream = fileSystem.FileStream.New(segment.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        stream.Flush(flushToDisk: true);
        segment.Flushed = true;
    }

    /// <summary>Deletes a segment.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public void Delete(SpoolSegment segment) => fileSystem.File.Delete(segment.Path);

    private int ReadWhole(SpoolSegment segment, byte[] file)
    {
        try
        {
            using Stream stream = fileSystem.FileStream.New(segment.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return stream.ReadAtLeast(file.AsSpan(0, (int)segment.Length), (int)segment.Length, throwOnEndOfStream: false);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // Someone removed it: what it held is counted as lost, and must not hold up what follows.
            return 0;
        }
    }

    private SpoolSegment? Survey(string path)
    {
        byte[] file;
        try
        {
            file = fileSystem.File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // One bad block must not keep the device from logging; the file stays for the next start.
            Log.SpoolRefused(logger, path, e);
            return null;
        }

        if (!SpoolFormat.TryReadHeader(file, out int at, out long sequence, out LogDestination destination, out SourcePosition[] positions))
        {
            SetAside(path, file);
            return null;
        }

        var segment = new SpoolSegment
        {
            Path = path,
            Sequence = sequence,
            Destination = destination,
            Positions = positions,
            FirstAt = time.GetTimestamp(),
        };
        while (SpoolFormat.TryReadRecord(file.AsSpan(at), sequence, out _, out _, out ReadOnlySpan<byte> message))
        {
            at += SpoolFormat.RecordHeaderBytes + message.Length;
            segment.Count++;
            segment.ServiceBytes += message.Length + BatchLimits.EventOverhead;
        }

        if (segment.Count == 0)
        {
            fileSystem.File.Delete(path);
            return null;
        }

        segment.Length = at;
        return segment;
    }

    private void SetAside(string path, byte[] file)
    {
        if (SpoolFormat.IsTornHeader(file))
        {
            Log.SpoolUnreadable(logger, path, file.Length);
            fileSystem.File.Delete(path);
        }
        else
        {
            Log.SpoolSetAside(logger, path, file.Length);
            fileSystem.File.Move(path, path + ".damaged", overwrite: true);
        }
    }

    private string PathOf(LogDestination destination, long sequence)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{destination.Group}\n{destination.Stream}"));
        return fileSystem.Path.Combine(directory, Convert.ToHexString(hash, 0, 8), sequence.ToString("D16") + Extension);
    }
}
