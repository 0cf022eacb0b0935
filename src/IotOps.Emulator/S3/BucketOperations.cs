using System.Text.RegularExpressions;
using System.Xml.Linq;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.S3;

/// <summary>Create, delete, look at and list buckets.</summary>
internal sealed partial class BucketOperations(BucketStore store)
{
    private const string DefaultRegion = "us-east-1";

    public async Task CreateAsync(S3Call call)
    {
        if (!NamePattern().IsMatch(call.Bucket) || call.Bucket.Contains("..", StringComparison.Ordinal))
        {
            throw new Refusal(400, "InvalidBucketName", "The specified bucket is not valid.") { Details = [new("BucketName", call.Bucket)] };
        }

        string region = DefaultRegion;
        if (call.Request.ContentLength > 0)
        {
            XElement configuration = await S3Xml.ReadAsync(call, "CreateBucketConfiguration").ConfigureAwait(false);
            region = (string?)configuration.Element(configuration.Name.Namespace + "LocationConstraint") ?? DefaultRegion;
        }

        // Only the oldest region answers a second creation by the same owner with success.
        if (!store.Create(call.Bucket, region) && region != DefaultRegion)
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
        return S3Answer.WriteXmlAsync(call, "LocationConstraint", xml => xml.WriteString(region == DefaultRegion ? "" : region));
    }

    public Task ListAsync(S3Call call) => S3Answer.WriteXmlAsync(call, "ListAllMyBucketsResult", xml =>
    {
        xml.WriteStartElement("Owner");
        xml.WriteElementString("ID", "emulator");
        xml.WriteEndElement();
        xml.WriteStartElement("Buckets");
        foreach (Bucket bucket in store.Buckets)
        {
            xml.WriteStartElement("Bucket");
            xml.WriteElementString("Name", bucket.Name);
            xml.WriteElementString("CreationDate", S3Time.Format(bucket.CreatedAt));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    });

    [GeneratedRegex(@"^[a-z0-9][a-z0-9.\-]{1,61}[a-z0-9]\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex NamePattern();
}
