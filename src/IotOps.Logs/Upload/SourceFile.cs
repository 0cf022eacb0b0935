using System.IO.Abstractions;

namespace IotOps.Logs.Upload;

/// <summary>A file as it was when its upload began.</summary>
internal sealed class SourceFile
{
    private readonly IFileSystem _fileSystem;
    private readonly string _path;
    private readonly DateTime _changed;

    private SourceFile(IFileSystem fileSystem, string path, IFileInfo info)
    {
        (_fileSystem, _path) = (fileSystem, path);
        (Length, _changed) = (info.Length, info.LastWriteTimeUtc);
    }

    public long Length { get; }

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static SourceFile Look(IFileSystem fileSystem, string path)
    {
        IFileInfo info = fileSystem.FileInfo.New(path);
        return info.Exists
            ? new SourceFile(fileSystem, path, info)
            : throw new FileNotFoundException($"There is no file {path} to upload.", path);
    }

    public Stream Open(long offset)
    {
        ThrowIfChanged();
        Stream stream = _fileSystem.FileStream.New(
            _path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1, FileOptions.Asynchronous | FileOptions.SequentialScan);
        stream.Position = offset;
        return stream;
    }

    /// <exception cref="InvalidDataException">The object would hold some of the old content and some of the new.</exception>
    public void ThrowIfChanged()
    {
        IFileInfo now = _fileSystem.FileInfo.New(_path);
        if (!now.Exists || now.Length != Length || now.LastWriteTimeUtc != _changed)
        {
            string what = now.Exists ? $"{Length} bytes then, {now.Length} now" : "it is gone";
            throw new InvalidDataException($"{_path} changed while it was uploaded ({what}). Upload a copy, or wait until nobody writes to it.");
        }
    }
}
