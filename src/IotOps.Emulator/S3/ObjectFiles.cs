using System.Text;
using System.Text.Json;
using IotOps.Emulator.Signing;

namespace IotOps.Emulator.S3;

/// <summary>
/// What <see cref="EmulatorOptions.DataDirectory"/> keeps of S3: a directory a bucket, a JSON file an object that names
/// its blob. Uploads under way are not kept.
/// </summary>
internal sealed class ObjectFiles(string root)
{
    /// <summary>Where blobs lie.</summary>
    public string BlobDirectory { get; } = Directory.CreateDirectory(Path.Combine(root, "blobs")).FullName;

    public void CreateBucket(Bucket bucket)
    {
        Directory.CreateDirectory(BucketDirectory(bucket.Name));
        WriteJson(Path.Combine(BucketDirectory(bucket.Name), "bucket.json"), json =>
        {
            json.WriteString("region"u8, bucket.Region);
            json.WriteString("createdAt"u8, bucket.CreatedAt);
        });
    }

    public void DeleteBucket(string bucket) => Directory.Delete(BucketDirectory(bucket), recursive: true);

    public void Delete(string bucket, string key) => File.Delete(ObjectPath(bucket, key));

    public void Write(string bucket, StoredObject stored) => WriteJson(ObjectPath(bucket, stored.Key), json =>
    {
        json.WriteString("key"u8, stored.Key);
        json.WriteString("blob"u8, Path.GetFileName(((FileBlob)stored.Blob).Path));
        json.WriteString("etag"u8, stored.ETag);
        json.WriteString("lastModified"u8, stored.LastModified);
        json.WriteString("storageClass"u8, stored.StorageClass);
        json.WriteStartObject("headers"u8);
        foreach ((string name, string value) in stored.Headers)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
        json.WriteStartArray("parts"u8);
        foreach (long size in stored.PartSizes)
        {
            json.WriteNumberValue(size);
        }

        json.WriteEndArray();
        if (stored.Checksum is { } checksum)
        {
            json.WriteString("checksumAlgorithm"u8, checksum.Algorithm);
            json.WriteString("checksum"u8, checksum.Value);
            json.WriteBoolean("isComposite"u8, checksum.IsComposite);
        }
    });

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
            foreach (string file in Directory.EnumerateFiles(directory, "*.object"))
            {
                StoredObject stored = Read(file);
                blobs.Add(Path.GetFileName(((FileBlob)stored.Blob).Path));
                bucket.Restore(stored);
            }

            yield return bucket;
        }

        foreach (string orphan in Directory.EnumerateFiles(BlobDirectory).Where(f => !blobs.Contains(Path.GetFileName(f))))
        {
            File.Delete(orphan);
        }
    }

    private StoredObject Read(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        JsonElement description = document.RootElement;
        return new StoredObject
        {
            Key = description.GetProperty("key").GetString()!,
            Blob = new FileBlob(Path.Combine(BlobDirectory, description.GetProperty("blob").GetString()!)),
            ETag = description.GetProperty("etag").GetString()!,
            LastModified = description.GetProperty("lastModified").GetDateTimeOffset(),
            StorageClass = description.TryGetProperty("storageClass", out JsonElement storageClass) ? storageClass.GetString()! : StorageClass.Standard,
            Headers = description.GetProperty("headers").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!, StringComparer.Ordinal),
            PartSizes = [.. description.GetProperty("parts").EnumerateArray().Select(p => p.GetInt64())],
            Checksum = description.TryGetProperty("checksum", out JsonElement value)
                ? new ObjectChecksum(description.GetProperty("checksumAlgorithm").GetString()!, value.GetString()!, description.GetProperty("isComposite").GetBoolean())
                : null,
        };
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
    private string ObjectPath(string bucket, string key) =>
        Path.Combine(BucketDirectory(bucket), Hex.Sha256(Encoding.UTF8.GetBytes(key)) + ".object");
}
