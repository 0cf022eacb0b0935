using System.IO.Abstractions;
using IotOps.Logs.Files;
using Microsoft.Extensions.Logging;

namespace IotOps.Logs.Tail;

/// <summary>The handles that are held. The one not used for longest goes first; a file whose name is gone keeps its handle.</summary>
internal sealed class OpenFiles(int limit, IFileSystem fileSystem, FileProbe probe, ILogger logger) : IDisposable
{
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
            if (reason is not null && !file.WasReported)
            {
                file.WasReported = true;
                Log.CannotRead(logger, file.Path, reason);
            }

            return null;
        }

        file.WasReported = false;
        file.IsGzip = content is GzipContent;
        Keep(file, content);
        return content;
    }

    /// <summary>Opens a file that is no source, or not yet.</summary>
    public SourceContent? TryOpen(string path, out FileStat stat, out string? reason)
    {
        stat = default;
        reason = null;
        Stream? stream = null;
        try
        {
            stream = OpenStream(path);
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

    private FileSystemStream OpenStream(string path) =>
        fileSystem.FileStream.New(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
}
