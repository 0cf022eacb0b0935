using System.Security.Cryptography;

namespace IotOps.Fuzz;

/// <summary>
/// The input of one target that is kept beside the sources, a line of base64 each: what a run found to take ways of its own, and every find.
/// </summary>
internal static class Corpus
{
    /// <summary>Longer input stays in the run that made it.</summary>
    private const int LongestKept = 1_024;

    /// <summary>Input that one run adds at most: the tests read all of it.</summary>
    private const int MostAdded = 40;

    public static string FileOf(string directory, IFuzzTarget target) => Path.Combine(directory, $"{target.Name}.txt");

    public static IEnumerable<byte[]> Read(string directory, IFuzzTarget target) =>
        File.Exists(FileOf(directory, target)) ? File.ReadLines(FileOf(directory, target)).Where(static line => line.Length > 0).Select(Convert.FromBase64String) : [];

    /// <summary>Adds short input of all lengths.</summary>
    public static void Add(string directory, IFuzzTarget target, IEnumerable<byte[]> inputs)
    {
        byte[][] kept = [.. inputs.Where(static input => input.Length <= LongestKept).OrderBy(static input => input.Length)];
        int added = Math.Min(MostAdded, kept.Length);
        IEnumerable<string> lines = Enumerable.Range(0, added).Select(i => Convert.ToBase64String(kept[(long)i * kept.Length / added]));
        Directory.CreateDirectory(directory);
        File.WriteAllLines(FileOf(directory, target), Read(directory, target).Select(Convert.ToBase64String).Concat(lines).Distinct(StringComparer.Ordinal).ToList());
    }

    /// <summary>Writes a find under a name that its content gives it.</summary>
    public static string Write(string directory, byte[] input)
    {
        Directory.CreateDirectory(directory);
        string path = Path.Combine(directory, Convert.ToHexStringLower(SHA256.HashData(input))[..16]);
        File.WriteAllBytes(path, input);
        return path;
    }
}
