using System.IO.Compression;

namespace IotOps.Archive.Tests.Zip;

/// <summary>.NET's ZipArchive, which shares no code with the writer, reads everything back.</summary>
internal static class ZipReading
{
    public static List<(string Name, byte[] Content)> Read(Stream zip)
    {
        zip.Position = 0;
        using var archive = new ZipArchive(zip, ZipArchiveMode.Read, leaveOpen: true);
        return [.. archive.Entries.Select(entry => (entry.FullName, Content(entry)))];
    }

    private static byte[] Content(ZipArchiveEntry entry)
    {
        using Stream content = entry.Open();
        var copy = new MemoryStream();
        content.CopyTo(copy);
        copy.Length.ShouldBe(entry.Length);
        return copy.ToArray();
    }
}
