using System.IO.Abstractions;

namespace IotOps.Shared;

/// <summary>Holds a state directory for one owner. The system lets go of it when the process ends, however it ends.</summary>
internal sealed class DirectoryLock : IDisposable
{
    private readonly Stream _file;

    /// <summary>Takes the directory, which is made when it is missing.</summary>
    /// <param name="fileSystem">Where.</param>
    /// <param name="directory">The directory; its file "lock" belongs to this type.</param>
    /// <param name="owner">What an owner is called in messages, such as "log shipper".</param>
    /// <exception cref="IOException">Another owner holds the directory, or it cannot be written.</exception>
    public DirectoryLock(IFileSystem fileSystem, string directory, string owner)
    {
        string path = Path.Combine(directory, "lock");
        try
        {
            fileSystem.Directory.CreateDirectory(directory);
            _file = fileSystem.FileStream.New(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
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

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
