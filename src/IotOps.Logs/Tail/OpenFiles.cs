using System.IO.Abstractions;
using IotOps.Logs.Files;
using Microsoft.Extensions.Logging;

namespace IotOps.Logs.Tail;

/// <summary>The handles that are held. The one not used for longest goes first; a file whose name is gone keeps its handle.</summary>
internal sealed class OpenFiles(int limit, IFileSystem fileSystem, FileProbe probe, TimeProvider time, ILogger logger) : IDisposable
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private const int MaxDoublings = 5;

    private readonly FileOpener _opener = new(fileSystem, probe);
    private readonly LinkedList<TailedFile> _open = new();

    public int Count => _open.Count;

    /// <summary>The file's content; null when its path cannot be opened, or leads to another file now.</summary>
    public SourceContent? Get(TailedFile file)
    {
        if (file.Content is not null)
        {
            if (file.OpenNode is { } node && node != _open.First)
            {
                _open.Remove(node);
                _open.AddFirst(node);
            }

            return file.Content;
        }

        SourceContent? content = TryOpen(file.Path, out FileStat stat, out string? reason);
        if (content is null || stat.Identity != file.Identity)
        {
            content?.Dispose();
            if (reason is not null)
            {
                Fail(file, reason);
            }

            return null;
        }

        file.IsGzip = content is GzipContent;
        Keep(file, content);
        return content;
    }

    /// <summary>True unless a try to read it failed a moment ago: a bad disk takes seconds to say no.</summary>
    public bool MayTry(TailedFile file) => !file.IsFaulty || time.GetTimestamp() >= file.RetryAt;

    /// <summary>Notes that the disk refused a file: it is named once, and tried again after 1, 2, 4 ... 32 seconds.</summary>
    public void Fail(TailedFile file, string reason)
    {
        if (file.State != FileState.Detached)
        {
            // A handle can be what is broken. That of a file without a name is all there is of it.
            Close(file);
        }

        if (!file.IsFaulty)
        {
            file.IsFaulty = true;
            Log.CannotRead(logger, file.Path, reason);
        }

        TimeSpan pause = FirstRetry * (1 << Math.Min(file.Faults++, MaxDoublings));
        file.RetryAt = time.GetTimestamp() + (long)(pause.TotalSeconds * time.TimestampFrequency);
    }

    /// <summary>Notes that a file was read.</summary>
    public void Succeed(TailedFile file)
    {
        if (file.IsFaulty)
        {
            file.IsFaulty = false;
            file.Faults = 0;
            Log.CanReadAgain(logger, file.Path);
        }
    }

    /// <summary>Opens a file that is no source, or not yet.</summary>
    public SourceContent? TryOpen(string path, out FileStat stat, out string? reason)
    {
        stat = default;
        reason = null;
        Stream? stream = null;
        try
        {
            stream = _opener.Open(path);
            SourceContent content = FileNames.IsGzip(path) && StartsAsGzip(stream)
                ? new GzipContent(() => stream, path, probe)
                : new PlainContent(stream, path, probe);
            stat = content.Stat();
            return content;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            stream?.Dispose();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            stream?.Dispose();
            reason = e.Message;
            return null;
        }
    }

    public void Replace(TailedFile file, SourceContent content)
    {
        Close(file);
        file.Content = content;
    }

    public void Close(TailedFile file)
    {
        file.Content?.Dispose();
        file.Content = null;
        if (file.OpenNode is { } node)
        {
            _open.Remove(node);
            file.OpenNode = null;
        }
    }

    public void Dispose()
    {
        while (_open.First is { } node)
        {
            Close(node.Value);
        }
    }

    private void Keep(TailedFile file, SourceContent content)
    {
        for (LinkedListNode<TailedFile>? node = _open.Last; node is not null && _open.Count >= limit;)
        {
            LinkedListNode<TailedFile>? before = node.Previous;
            if (node.Value.State != FileState.Detached)
            {
                Close(node.Value);
            }

            node = before;
        }

        file.Content = content;
        file.OpenNode = _open.AddFirst(file);
    }

    private static bool StartsAsGzip(Stream stream)
    {
        Span<byte> head = stackalloc byte[3];
        int read = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        return GzipContent.IsGzip(head[..read]);
    }
}
