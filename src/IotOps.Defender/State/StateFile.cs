using System.IO.Abstractions;
using IotOps.Shared;
using Microsoft.Extensions.Logging;

namespace IotOps.Defender.State;

/// <summary>
/// A small file that is replaced as a whole: after a power cut it holds the old bytes or the new ones. What is in it is a convenience (a
/// baseline, an alarm's state), so that neither a file that cannot be read nor a full disk ever stops a report. It is its owner's alone.
/// </summary>
internal sealed class StateFile(string path, IFileSystem fileSystem)
{
    // Longer than anything written here; a foreign file is not read into memory.
    private const long MaxBytes = 4 << 20;

    // Who may write in the directory can replace the file, however closed that is.
    private const UnixFileMode WriteByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    public string Path => path;

    private string Directory => System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;

    /// <summary>Says when others than its owner may write in the directory.</summary>
    public void WarnWhenOpen(ILogger logger)
    {
        if (PrivateFiles.OpenMode(fileSystem, Directory, WriteByOthers) is { } mode)
        {
            Log.StateDirectoryOpen(logger, Directory, mode, path);
        }
    }

    /// <summary>The bytes; null when there is no file, or none that can be read.</summary>
    public byte[]? Read()
    {
        try
        {
            PrivateFiles.Close(fileSystem, path);
            IFileInfo info = fileSystem.FileInfo.New(path);
            return info.Exists && info.Length <= MaxBytes ? fileSystem.File.ReadAllBytes(path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Replaces the file; the directory is made when it is missing.</summary>
    /// <returns>Null, or why the disk refused; the old file is then still there.</returns>
    public Exception? Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            PrivateFiles.CreateDirectory(fileSystem, Directory);
            DurableFile.Write(fileSystem, path, bytes);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e;
        }
    }
}
