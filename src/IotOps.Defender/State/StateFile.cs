using System.IO.Abstractions;
using IotOps.Shared;

namespace IotOps.Defender.State;

/// <summary>
/// A small file that is replaced as a whole: after a power cut it holds the old bytes or the new ones. What is in it is a convenience (a
/// baseline, an alarm's state), so that neither a file that cannot be read nor a full disk ever stops a report.
/// </summary>
internal sealed class StateFile(string path, IFileSystem fileSystem)
{
    // Longer than anything written here; a foreign file is not read into memory.
    private const long MaxBytes = 4 << 20;

    public string Path => path;

    /// <summary>The bytes; null when there is no file, or none that can be read.</summary>
    public byte[]? Read()
    {
        try
        {
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
            fileSystem.Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);
            DurableFile.Write(fileSystem, path, bytes);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e;
        }
    }
}
