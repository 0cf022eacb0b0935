using System.Buffers;
using System.Text;
using IotOps.Defender.Linux;
using IotOps.Defender.Readings;
using IotOps.Defender.State;
using Microsoft.Extensions.Logging;

namespace IotOps.Defender.Deltas;

/// <summary>The counters of the last accepted report on disk, for the same boot and the same network namespace.</summary>
internal sealed class BaselineStore(string path, ProcPaths proc, ILogger logger)
{
    private const int MaxBootIdBytes = 256;

    private readonly StateFile _file = new(Path.GetFullPath(path), proc.FileSystem);
    private readonly ArrayBufferWriter<byte> _content = new();
    private bool _isRefused;

    /// <summary>What was kept, and is about this boot and namespace; null when there is nothing to go on from.</summary>
    public InterfaceReadings? Load()
    {
        _file.WarnWhenOpen(logger);
        if (_file.Read() is not { } content)
        {
            return null;
        }

        try
        {
            return BaselineFormat.Read(content, BootId(), Scope());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            Log.BaselineUnusable(logger, _file.Path, e.Message);
            return null;
        }
    }

    /// <summary>Keeps the counters. A disk that refuses leaves no file: an old one would count its traffic twice after a restart.</summary>
    public void Save(ReadOnlySpan<InterfaceCounters> counters)
    {
        if (TryWrite(counters) is { } refusal)
        {
            if (!_isRefused)
            {
                _isRefused = true;
                Log.BaselineRefused(logger, _file.Path, refusal.Message);
            }

            Forget();
        }
        else if (_isRefused)
        {
            _isRefused = false;
            Log.BaselineKept(logger, _file.Path);
        }
    }

    private Exception? TryWrite(ReadOnlySpan<InterfaceCounters> counters)
    {
        try
        {
            _content.ResetWrittenCount();
            BaselineFormat.Write(_content, BootId(), Scope(), counters);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return e;
        }

        return _file.Write(_content.WrittenSpan);
    }

    private void Forget()
    {
        try
        {
            proc.FileSystem.File.Delete(_file.Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The refusal is told already; a disk that takes no deletion either cannot be helped from here.
        }
    }

    private string BootId()
    {
        using Stream stream = proc.FileSystem.FileStream.New(proc.BootId, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1);
        Span<byte> text = stackalloc byte[MaxBootIdBytes];
        string id = Encoding.UTF8.GetString(text[..stream.ReadAtLeast(text, text.Length, throwOnEndOfStream: false)]).Trim();
        return id.Length > 0 ? id : throw new InvalidDataException($"'{proc.BootId}' is empty");
    }

    // Counters of an interface in another namespace are other counters, under the same name.
    private string Scope() => $"{proc.Network} {proc.Namespace}";
}
