using System.Xml.Linq;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.S3;

/// <summary>Create, delete, look at and list buckets.</summary>
internal sealed class BucketOperations(BucketStore store)
{
    private const int MaxBuckets = 10_000;

    public async Task CreateAsync(S3Call call)
    {
        BucketName.Check(call.Bucket);
        string region = await RegionAsync(call).ConfigureAwait(false);

        // Only the oldest region answers a second creation by the same owner with success.
        if (!store.Create(call.Bucket, region) && region != BucketRegion.Oldest)
        {
            throw new Refusal(409, "BucketAlreadyOwnedByYou", "Your previous request to create the named bucket succeeded and you already own it.")
            {
                Details = [new("BucketName", call.Bucket)],
            };
        }

        call.Response.Headers.Location = "/" + call.Bucket;
        await S3Answer.WriteEmptyAsync(call, 200).ConfigureAwait(false);
    }

    public Task DeleteAsync(S3Call call)
    {
        store.Delete(call.Bucket);
        return S3Answer.WriteEmptyAsync(call, 204);
    }

    public Task HeadAsync(S3Call call)
    {
        call.Response.Headers["x-amz-bucket-region"] = store.Bucket(call.Bucket).Region;
        return S3Answer.WriteEmptyAsync(call, 200);
    }

    public Task LocationAsync(S3Call call)
    {
        string region = store.Bucket(call.Bucket).Region;
        return S3Answer.WriteXmlAsync(call, "LocationConstraint", xml => xml.WriteString(region == BucketRegion.Oldest ? "" : region));
    }

    public Task AclAsync(S3Call call)
    {
        Bucket bucket = store.Bucket(call.Bucket);
        if (call.Key.Length > 0)
        {
            AskedVersion.WriteId(call, bucket, AskedVersion.Find(call, bucket));
        }

        return S3Owner.WriteAclAsync(call);
    }

    public Task ListAsync(S3Call call)
    {
        string prefix = call.Query.Find("prefix") ?? "";
        string? region = call.Query.Find("bucket-region");
        string after = call.Query.Find("continuation-token") is { } token ? ListingText.DecodeToken(token) : "";
        int max = call.Number("max-buckets", MaxBuckets, int.MaxValue);
        if (max is 0 or > MaxBuckets)
        {
            throw S3Errors.InvalidArgument("max-buckets", max.ToString(), $"Argument max-buckets must be an integer between 1 and {MaxBuckets}");
        }

        Bucket[] found =
        [
            .. store.Buckets.Where(b => b.Name.StartsWith(prefix, StringComparison.Ordinal) && (region is null || b.Region == region) && string.CompareOrdinal(b.Name, after) > 0),
        ];
        return S3Answer.WriteXmlAsync(call, "ListAllMyBucketsResult", xml =>
        {
            S3Owner.Write(xml, "Owner");
            xml.WriteStartElement("Buckets");
            foreach (Bucket bucket in found.Take(max))
            {
                xml.WriteStartElement("Bucket");
                xml.WriteElementString("Name", bucket.Name);
                xml.WriteElementString("CreationDate", S3Time.Format(bucket.CreatedAt));
                xml.WriteElementString("BucketRegion", bucket.Region);
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
            if (call.Query.Find("prefix") is not null)
            {
                xml.WriteElementString("Prefix", prefix);
            }

            if (found.Length > max)
            {
                xml.WriteElementString("ContinuationToken", ListingText.EncodeToken(found[max - 1].Name));
            }
        });
    }

    private static async Task<string> RegionAsync(S3Call call)
    {
        string? constraint = null;
        if (call.Request.ContentLength > 0 || call.Request.Headers.TransferEncoding.Count > 0)
        {
            XElement configuration = await S3Xml.ReadAsync(call, "CreateBucketConfiguration").ConfigureAwait(false);
            S3Xml.RefuseAllBut(configuration, ["LocationConstraint"], ["Location", "Bucket", "Tags"]);
            constraint = (string?)configuration.Element(configuration.Name.Namespace + "LocationConstraint");
        }

        return BucketRegion.OfNew(constraint, call.Signature);
    }
}
