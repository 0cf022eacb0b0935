using System.IO.Abstractions;

namespace IotOps.Shared;

/// <summary>Holds a state directory for one owner. The system lets go of it when the process ends, however it ends.</summary>
internal sealed class DirectoryLock : IDisposable
{
    private readonly Stream _file;

    /// <summary>Takes the directory, which is made when it is missing, for its owner alone.</summary>
    /// <param name="fileSystem">Where.</param>
    /// <param name="directory">The directory; its file "lock" belongs to this type.</param>
    /// <param name="owner">What an owner is called in messages, such as "log shipper".</param>
    /// <exception cref="IOException">Another owner holds the directory, or it cannot be written.</exception>
    public DirectoryLock(IFileSystem fileSystem, string directory, string owner)
    {
        string path = Path.Combine(directory, "lock");
        try
        {
            PrivateFiles.CreateDirectory(fileSystem, directory);
            _file = PrivateFiles.Open(fileSystem, path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            OpenMode = PrivateFiles.OpenMode(fileSystem, directory);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"The state directory '{directory}' cannot be written: {e.Message}", e);
        }
        catch (IOException e)
        {
            throw new IOException($"The state directory '{directory}' cannot be used, or another {owner} uses it; give each its own: {e.Message}", e);
        }
    }

    /// <summary>
    /// The directory's mode in octal digits, when others than its owner may use it; null when nobody else may. It is not changed, because the
    /// directory may be one that others need.
    /// </summary>
    public string? OpenMode { get; }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
