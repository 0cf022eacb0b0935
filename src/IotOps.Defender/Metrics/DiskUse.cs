using System.IO.Abstractions;

namespace IotOps.Defender.Metrics;

/// <summary>How full a file system is.</summary>
internal sealed class DiskUse(string path, IFileSystem fileSystem)
{
    /// <summary>0-100 of what is not reserved for root, as df counts; null for a file system without blocks.</summary>
    /// <exception cref="IOException">There is no such path.</exception>
    public double? Usage()
    {
        IDriveInfo drive = fileSystem.DriveInfo.New(path);
        long used = drive.TotalSize - drive.TotalFreeSpace;
        long fillable = used + drive.AvailableFreeSpace;
        return fillable > 0 ? Math.Round(Math.Clamp(100.0 * used / fillable, 0, 100), 2) : null;
    }
}
