namespace IotOps.Fleet.Trail;

/// <summary>Files of records on a disk.</summary>
internal static class TrailFiles
{
    public static IEnumerable<TrailSource> Find(IReadOnlyList<string> paths)
    {
        foreach (string path in paths)
        {
            if (Directory.Exists(path))
            {
                string[] files = Directory.GetFiles(path, "*", SearchOption.AllDirectories);
                Array.Sort(files, StringComparer.Ordinal);
                foreach (string file in files.Where(IsTrailFile))
                {
                    yield return Of(file);
                }
            }
            else
            {
                yield return File.Exists(path) ? Of(path) : throw new FileNotFoundException($"There is no file or directory '{path}'.", path);
            }
        }
    }

    private static bool IsTrailFile(string path) => TrailKey.IsLogFile(path.Replace('\\', '/'));

    // Read straight into the buffer that inflates: a buffer in between would be one copy more.
    private static TrailSource Of(string path) => new(path, _ => Task.FromResult<Stream?>(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0)));
}
