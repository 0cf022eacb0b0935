using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using IotOps.Emulator.Signing;

namespace IotOps.Emulator.S3;

/// <summary>
/// What <see cref="EmulatorOptions.DataDirectory"/> keeps of S3: a directory a bucket, a JSON file a version that names
/// its blob. Uploads under way are not kept.
/// </summary>
internal sealed class ObjectFiles(string root)
{
    /// <summary>Where blobs lie.</summary>
    public string BlobDirectory { get; } = Directory.CreateDirectory(Path.Combine(root, "blobs")).FullName;

    public void Write(Bucket bucket, BucketSettings settings)
    {
        Directory.CreateDirectory(BucketDirectory(bucket.Name));
        WriteJson(Path.Combine(BucketDirectory(bucket.Name), "bucket.json"), json =>
        {
            json.WriteString("region"u8, bucket.Region);
            json.WriteString("createdAt"u8, bucket.CreatedAt);
            json.WriteString("versioning"u8, settings.Versioning.ToString());
            if (settings.Lifecycle is { } lifecycle)
            {
                json.WriteString("lifecycle"u8, lifecycle.Rules.ToString());
                json.WriteString("minimumTransitionSize"u8, lifecycle.MinimumTransitionSize);
            }
        });
    }

    public void DeleteBucket(string bucket) => Directory.Delete(BucketDirectory(bucket), recursive: true);

    public void Delete(string bucket, StoredObject stored) => File.Delete(ObjectPath(bucket, stored));

    public void Write(string bucket, StoredObject stored) => WriteJson(ObjectPath(bucket, stored), json => StoredObjectJson.Write(json, stored));

    /// <summary>Every bucket of a former run, with its objects. Blobs that no object names are deleted.</summary>
    public IEnumerable<Bucket> Load()
    {
        var blobs = new HashSet<string>(StringComparer.Ordinal);
        foreach (string description in Directory.EnumerateFiles(root, "bucket.json", SearchOption.AllDirectories))
        {
            string directory = Path.GetDirectoryName(description)!;
            using var document = JsonDocument.Parse(File.ReadAllBytes(description));
            var bucket = new Bucket(
                Path.GetFileName(directory),
                document.RootElement.GetProperty("region").GetString()!,
                document.RootElement.GetProperty("createdAt").GetDateTimeOffset(),
                this);
            StoredObject[] objects = [.. Directory.EnumerateFiles(directory, "*.object").Select(Read)];
            blobs.UnionWith(objects.Select(o => o.Blob).OfType<FileBlob>().Select(b => Path.GetFileName(b.Path)));
            bucket.Restore(Settings(document.RootElement), objects);
            yield return bucket;
        }

        foreach (string orphan in Directory.EnumerateFiles(BlobDirectory).Where(f => !blobs.Contains(Path.GetFileName(f))))
        {
            File.Delete(orphan);
        }
    }

    private static BucketSettings Settings(JsonElement description) => new()
    {
        Versioning = description.TryGetProperty("versioning", out JsonElement versioning) ? Enum.Parse<Versioning>(versioning.GetString()!) : Versioning.Never,
        Lifecycle = description.TryGetProperty("lifecycle", out JsonElement rules)
            ? new LifecycleConfiguration(XElement.Parse(rules.GetString()!), description.GetProperty("minimumTransitionSize").GetString()!)
            : null,
    };

    private StoredObject Read(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        return StoredObjectJson.Read(document.RootElement, BlobDirectory);
    }

    // Written beside and renamed, so that a run that is killed leaves the old or the new description.
    private static void WriteJson(string path, Action<Utf8JsonWriter> write)
    {
        string temporary = path + ".new";
        using (FileStream file = File.Create(temporary))
        using (var json = new Utf8JsonWriter(file))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        File.Move(temporary, path, overwrite: true);
    }

    private string BucketDirectory(string bucket) => Path.Combine(root, "buckets", bucket);

    // Keys may be longer than a file name, and hold what no file name can.
    private string ObjectPath(string bucket, StoredObject stored)
    {
        string version = stored.VersionId == VersionId.Null ? "" : "-" + stored.VersionId;
        return Path.Combine(BucketDirectory(bucket), Hex.Sha256(Encoding.UTF8.GetBytes(stored.Key)) + version + ".object");
    }
}
