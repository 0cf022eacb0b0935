using System.Xml.Linq;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.S3;

/// <summary>Stores a bucket's lifecycle, shows it and takes it away.</summary>
internal sealed class LifecycleOperations(BucketStore store)
{
    private static readonly string[] Minima = [LifecycleConfiguration.DefaultMinimum, "varies_by_storage_class"];

    public async Task PutAsync(S3Call call)
    {
        Bucket bucket = store.Bucket(call.Bucket);
        string minimum = call.Header(LifecycleConfiguration.MinimumHeader) ?? LifecycleConfiguration.DefaultMinimum;
        if (!Minima.Contains(minimum, StringComparer.Ordinal))
        {
            throw new Refusal(400, "InvalidRequest", $"Invalid TransitionDefaultMinimumObjectSize found: {minimum}");
        }

        XElement sent = await S3Xml.ReadAsync(call, "LifecycleConfiguration", AnnouncedChecksum.Demand(call)).ConfigureAwait(false);
        var lifecycle = new LifecycleConfiguration(LifecycleRules.Read(sent), minimum);
        bucket.Change(settings => settings with { Lifecycle = lifecycle });
        call.Response.Headers[LifecycleConfiguration.MinimumHeader] = minimum;
        await S3Answer.WriteEmptyAsync(call, 200).ConfigureAwait(false);
    }

    public Task GetAsync(S3Call call)
    {
        if (store.Bucket(call.Bucket).Settings.Lifecycle is not { } lifecycle)
        {
            throw new Refusal(404, "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist") { Details = [new("BucketName", call.Bucket)] };
        }

        call.Response.Headers[LifecycleConfiguration.MinimumHeader] = lifecycle.MinimumTransitionSize;
        return S3Answer.WriteXmlAsync(call, "LifecycleConfiguration", xml =>
        {
            foreach (XElement rule in lifecycle.Rules.Elements())
            {
                rule.WriteTo(xml);
            }
        });
    }

    public Task DeleteAsync(S3Call call)
    {
        store.Bucket(call.Bucket).Change(settings => settings with { Lifecycle = null });
        return S3Answer.WriteEmptyAsync(call, 204);
    }
}
