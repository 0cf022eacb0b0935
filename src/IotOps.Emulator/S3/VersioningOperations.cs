using System.Xml.Linq;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.S3;

/// <summary>Turns versioning of a bucket on and off, and shows whether it is on.</summary>
internal sealed class VersioningOperations(BucketStore store)
{
    public async Task PutAsync(S3Call call)
    {
        Bucket bucket = store.Bucket(call.Bucket);
        XElement configuration = await S3Xml.ReadAsync(call, "VersioningConfiguration", AnnouncedChecksum.Of(call)).ConfigureAwait(false);
        S3Xml.RefuseAllBut(configuration, ["Status", "MfaDelete"], []);
        XNamespace ns = configuration.Name.Namespace;
        CheckMfaDelete((string?)configuration.Element(ns + "MfaDelete"));
        Versioning versioning = (string?)configuration.Element(ns + "Status") switch
        {
            "Enabled" => Versioning.Enabled,
            "Suspended" => Versioning.Suspended,
            null => throw new Refusal(400, "IllegalVersioningConfigurationException", "The Versioning element must be specified"),
            _ => throw S3Errors.MalformedXml(),
        };
        bucket.Change(settings => settings with { Versioning = versioning });
        await S3Answer.WriteEmptyAsync(call, 200).ConfigureAwait(false);
    }

    /// <summary>Of a bucket whose versioning was never turned on S3 says nothing, in an empty document.</summary>
    public Task GetAsync(S3Call call)
    {
        Versioning versioning = store.Bucket(call.Bucket).Settings.Versioning;
        return S3Answer.WriteXmlAsync(call, "VersioningConfiguration", xml =>
        {
            if (versioning != Versioning.Never)
            {
                xml.WriteElementString("Status", versioning.ToString());
            }
        });
    }

    private static void CheckMfaDelete(string? mfaDelete)
    {
        if (mfaDelete == "Enabled")
        {
            throw new Refusal(501, "NotImplemented", "The emulator does not do MfaDelete in VersioningConfiguration.") { Details = [new("Element", "MfaDelete")] };
        }

        if (mfaDelete is not (null or "Disabled"))
        {
            throw S3Errors.MalformedXml();
        }
    }
}
