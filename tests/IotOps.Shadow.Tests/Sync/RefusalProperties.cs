using FsCheck;
using FsCheck.Fluent;
using IotOps.Shadow.Documents;
using IotOps.Shadow.Tests.Documents;

namespace IotOps.Shadow.Tests.Sync;

/// <summary>Whatever members a service refuses, all others reach it, and the refused ones stay as they are on the device.</summary>
public sealed class RefusalProperties
{
    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithMaxTest(150).WithReplay(20261129, 15);

    // A document in steps, the last of which counts. "y" is what the service does not take.
    private static readonly Gen<ShadowValue[]> Edits = Gen.ArrayOf(RandomDocuments.Document).Where(static edits => edits.Length is > 0 and < 5);

    [Fact]
    public void Every_member_that_the_service_takes_reaches_it() =>
        Prop.ForAll(Edits.ToArbitrary(), static edits => RunAsync(edits).GetAwaiter().GetResult()).Check(Fixed);

    private static async Task<bool> RunAsync(ShadowValue[] edits)
    {
        await using var device = new ShadowFixture();
        device.Service.Refuse = static request => request.Operation == "update" && request.Payload.Contains("\"y\"", StringComparison.Ordinal) ? (400, "no") : null;
        await device.OpenConnectedAsync();
        foreach (ShadowValue edit in edits)
        {
            await device.Shadow.Reported.SetAsync(edit);
            await device.SettleAsync();
        }

        for (int i = 0; i < 3; i++)
        {
            await device.AdvanceAsync(TimeSpan.FromSeconds(2));
        }

        // What is pending is nothing but refused members, and everything else is the same on both sides.
        ShadowValue cloud = device.Service.State() is { } state ? ShadowValue.Parse(state.ToJsonString())["reported"] ?? ShadowValue.EmptyObject : ShadowValue.EmptyObject;
        ShadowValue? pending = ShadowMerge.Diff(cloud, device.Shadow.Reported.Value);
        List<string> paths = [];
        if (pending is not null)
        {
            ShadowPath.Leaves(pending, "", paths);
        }

        return device.Shadow.Reported.Value.Equals(edits[^1]) && paths.TrueForAll(path => pending!.TryGet(path, out ShadowValue? value) && value.Equals("y"));
    }
}
