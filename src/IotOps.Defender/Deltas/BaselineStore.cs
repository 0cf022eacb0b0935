using System.Buffers;
using System.IO.Abstractions;
using IotOps.Defender.Linux;
using IotOps.Defender.Readings;
using Microsoft.Extensions.Logging;

namespace IotOps.Defender.Deltas;

/// <summary>The counters of the last accepted report on disk, for the same boot and the same network namespace.</summary>
internal sealed class BaselineStore(string path, ProcPaths proc, ILogger logger)
{
    private const int MaxBytes = 1 << 20;
    private const int MaxBootIdBytes = 256;

    private readonly IFileSystem _fileSystem = proc.FileSystem;
    private readonly string _path = Path.GetFullPath(path);
    private readonly ArrayBufferWriter<byte> _content = new();
    private bool _isRefused;

    /// <summary>What was kept, and is about this boot and namespace; null when there is nothing to go on from.</summary>
    public InterfaceReadings? Load()
    {
        try
        {
            return BaselineFormat.Read(ReadAll(_path, MaxBytes), BootId(), Scope());
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            Log.BaselineUnusable(logger, _path, e.Message);
            return null;
        }
    }

    /// <summary>Keeps the counters. A disk that refuses leaves no file: an old one would count its traffic twice after a restart.</summary>
    public void Save(ReadOnlySpan<InterfaceCounters> counters)
    {
        try
        {
            _content.ResetWrittenCount();
            BaselineFormat.Write(_content, BootId(), Scope(), counters);
            Replace();
            if (_isRefused)
            {
                _isRefused = false;
                Log.BaselineKept(logger, _path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            if (!_isRefused)
            {
                _isRefused = true;
                Log.BaselineRefused(logger, _path, e.Message);
            }

            Forget();
        }
    }

    private void Replace()
    {
        string directory = Path.GetDirectoryName(_path)!;
        _fileSystem.Directory.CreateDirectory(directory);
        string next = _path + ".next";
        using (Stream stream = _fileSystem.FileStream.Create(next, FileMode.Create, FileAccess.Write, FileShare.None, 1))
        {
            stream.Write(_content.WrittenSpan);
            if (stream is FileStream file)
            {
                file.Flush(flushToDisk: true);
            }
        }

        _fileSystem.File.Move(next, _path, overwrite: true);
        if (OperatingSystem.IsLinux())
        {
            LinuxFiles.FlushDirectory(directory);
        }
    }

    private void Forget()
    {
        try
        {
            _fileSystem.File.Delete(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The refusal is told already; a disk that takes no deletion either cannot be helped from here.
        }
    }

    private string BootId()
    {
        string id = System.Text.Encoding.UTF8.GetString(ReadAll(proc.BootId, MaxBootIdBytes)).Trim();
        return id.Length > 0 ? id : throw new InvalidDataException($"'{proc.BootId}' is empty");
    }

    // Counters of an interface in another namespace are other counters, under the same name.
    private string Scope() => $"{proc.Network} {proc.Namespace}";

    private byte[] ReadAll(string file, int limit)
    {
        using Stream stream = _fileSystem.FileStream.Create(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        byte[] content = new byte[limit + 1];
        int length = stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
        return length <= limit ? content[..length] : throw new InvalidDataException($"'{file}' has more than {limit} bytes");
    }
}
