using System.Text.Json;
using IotOps.Detect;

namespace IotOps.Samples.FleetTool.Detection;

/// <summary>
/// Security profiles as files: NAME.json is what <c>aws iot describe-security-profile</c> prints, and NAME.targets.json beside it what
/// <c>aws iot list-targets-for-security-profile</c> prints.
/// </summary>
internal static class ProfileFiles
{
    private const string Extension = ".json";
    private const string TargetsExtension = ".targets.json";
    private const long MaxBytes = 1 << 20;

    /// <summary>Reads files, and the files of folders, each by itself.</summary>
    /// <param name="paths">Files and folders; what lies below a folder's own files is not read.</param>
    /// <param name="sources">What the queue gets: a behavior that needs something else is a problem.</param>
    public static IReadOnlyList<ProfileFile> Read(IEnumerable<string> paths, DetectSources sources)
    {
        List<ProfileFile> files = [];
        foreach (string path in paths)
        {
            files.AddRange(Directory.Exists(path) ? Folder(path, sources) : [One(path, sources)]);
        }

        return [.. files.Select((file, i) => Twice(files, file, i))];
    }

    private static List<ProfileFile> Folder(string folder, DetectSources sources)
    {
        string[] found;
        try
        {
            found = [.. Directory.EnumerateFiles(folder, "*" + Extension).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [new ProfileFile(folder, null, e.Message)];
        }

        List<ProfileFile> files = [];
        foreach (string path in found)
        {
            if (!path.EndsWith(TargetsExtension, StringComparison.Ordinal))
            {
                files.Add(One(path, sources));
            }
            else if (path[..^TargetsExtension.Length] + Extension is var profile && !File.Exists(profile))
            {
                files.Add(new ProfileFile(path, null, $"there is no {Path.GetFileName(profile)} beside it, which these targets are for"));
            }
        }

        return files.Count > 0 ? files : [new ProfileFile(folder, null, $"the folder has no profile: they are files *{Extension}")];
    }

    private static ProfileFile One(string path, DetectSources sources)
    {
        string targetsPath = (path.EndsWith(Extension, StringComparison.Ordinal) ? path[..^Extension.Length] : path) + TargetsExtension;
        bool hasTargets = File.Exists(targetsPath);
        string reading = path;
        try
        {
            byte[] json = ReadFile(path);
            reading = targetsPath;
            IReadOnlyList<DetectTarget>? targets = hasTargets ? DetectTarget.ParseList(ReadFile(targetsPath)) : null;
            reading = path;
            if (IsTargets(json))
            {
                return new ProfileFile(path, null, $"it is a list of targets; name it as its profile, with {TargetsExtension} at the end");
            }

            DetectProfile profile = DetectProfile.Parse(json, targets);

            // What the engine would refuse is this file's problem, not that of the profiles beside it.
            _ = new DetectEngine(new DetectEngineOptions { Profiles = [profile], Sources = sources });
            return new ProfileFile(path, profile, null) { HasTargets = hasTargets };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or ArgumentException)
        {
            return new ProfileFile(reading, null, e.Message.Split(" (Parameter", 2)[0]);
        }
    }

    private static ProfileFile Twice(List<ProfileFile> files, ProfileFile file, int index) =>
        file.Profile is { } profile && files.Take(index).FirstOrDefault(other => other.Profile?.Name == profile.Name) is { } first
            ? new ProfileFile(file.Path, null, $"there is a security profile '{profile.Name}' in {first.Path} already")
            : file;

    private static byte[] ReadFile(string path) => new FileInfo(path) is { Exists: true, Length: > MaxBytes } large
        ? throw new IOException($"{large.Length} bytes are no security profile; {MaxBytes} are read at most.")
        : File.ReadAllBytes(path);

    private static bool IsTargets(byte[] json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("securityProfileTargets"u8, out _);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
