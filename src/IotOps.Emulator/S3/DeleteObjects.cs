using System.Xml;
using System.Xml.Linq;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.S3;

/// <summary>DeleteObjects: up to 1,000 keys or versions in one request, each for itself.</summary>
internal sealed class DeleteObjects(BucketStore store)
{
    private const int MaxDeletes = 1_000;

    public async Task ExecuteAsync(S3Call call)
    {
        Bucket bucket = store.Bucket(call.Bucket);
        XElement root = await S3Xml.ReadAsync(call, "Delete", AnnouncedChecksum.Demand(call)).ConfigureAwait(false);
        XNamespace ns = root.Name.Namespace;
        S3Xml.RefuseAllBut(root, ["Object", "Quiet"], []);
        Wanted[] wanted = [.. root.Elements(ns + "Object").Select(Read)];
        if (wanted.Length is 0 or > MaxDeletes)
        {
            throw S3Errors.MalformedXml();
        }

        (Wanted Wanted, DeletedVersion? Deleted, Refusal? Refusal)[] results = [.. wanted.Select(w => Delete(bucket, w))];
        bool isQuiet = string.Equals((string?)root.Element(ns + "Quiet"), "true", StringComparison.OrdinalIgnoreCase);
        await S3Answer.WriteXmlAsync(call, "DeleteResult", xml =>
        {
            foreach ((Wanted asked, DeletedVersion? deleted, Refusal? refusal) in results)
            {
                if (refusal is not null)
                {
                    WriteError(xml, asked, refusal);
                }
                else if (!isQuiet)
                {
                    WriteDeleted(xml, asked, deleted!);
                }
            }
        }).ConfigureAwait(false);
    }

    private static Wanted Read(XElement element)
    {
        XNamespace ns = element.Name.Namespace;
        S3Xml.RefuseAllBut(element, ["Key", "ETag", "VersionId"], ["LastModifiedTime", "Size"]);
        return new Wanted(
            (string?)element.Element(ns + "Key") is { Length: > 0 } key ? key : throw S3Errors.MalformedXml(),
            (string?)element.Element(ns + "VersionId") is { Length: > 0 } id ? id : null,
            (string?)element.Element(ns + "ETag"));
    }

    private (Wanted Wanted, DeletedVersion? Deleted, Refusal? Refusal) Delete(Bucket bucket, Wanted wanted)
    {
        if (wanted.VersionId is { } id && !AskedVersion.IsKnown(id))
        {
            return (wanted, null, AskedVersion.NoSuchVersion(wanted.Key, id));
        }

        try
        {
            DeletedVersion deleted = bucket.Delete(
                wanted.Key, wanted.VersionId, store.Now, present => ObjectConditions.CheckDelete(wanted.ETag, wanted.Key, present));
            return (wanted, deleted, null);
        }
        catch (Refusal refusal)
        {
            // One key's condition does not keep the others.
            return (wanted, null, refusal);
        }
    }

    private static void WriteDeleted(XmlWriter xml, Wanted wanted, DeletedVersion deleted)
    {
        xml.WriteStartElement("Deleted");
        xml.WriteElementString("Key", wanted.Key);
        if (wanted.VersionId is { } id)
        {
            xml.WriteElementString("VersionId", id);
        }

        if (deleted.IsMarker)
        {
            xml.WriteElementString("DeleteMarker", "true");
            xml.WriteElementString("DeleteMarkerVersionId", deleted.VersionId);
        }

        xml.WriteEndElement();
    }

    private static void WriteError(XmlWriter xml, Wanted wanted, Refusal refusal)
    {
        xml.WriteStartElement("Error");
        xml.WriteElementString("Key", wanted.Key);
        if (wanted.VersionId is { } id)
        {
            xml.WriteElementString("VersionId", id);
        }

        xml.WriteElementString("Code", refusal.Code);
        xml.WriteElementString("Message", refusal.Message);
        xml.WriteEndElement();
    }

    private sealed record Wanted(string Key, string? VersionId, string? ETag);
}
