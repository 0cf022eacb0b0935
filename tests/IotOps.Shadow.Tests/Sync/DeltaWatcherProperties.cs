using FsCheck;
using FsCheck.Fluent;
using IotOps.Shadow.Sync;

namespace IotOps.Shadow.Tests.Sync;

/// <summary>A reader gets the present delta exactly when the delta has changed since it last looked, back and forth included.</summary>
public sealed class DeltaWatcherProperties
{
    // 0 is no delta, 1-2 are two of them, 3 is the reader that looks.
    private static readonly Gen<int[]> Steps = Gen.ArrayOf(Gen.Choose(0, 3));

    [Fact]
    public void A_reader_gets_each_delta_that_is_there_after_a_change() =>
        Prop.ForAll(Steps.ToArbitrary(), static steps =>
        {
            var watcher = new DeltaWatcher();
            int present = 0;
            bool hasChanged = false;
            foreach (int step in steps)
            {
                if (step == 3)
                {
                    ShadowDelta? taken = watcher.TryTake();
                    if (taken is null != (!hasChanged || present == 0) || (taken is not null && !taken.State.Equals(Delta(present)!.State)))
                    {
                        return false;
                    }

                    hasChanged = false;
                    continue;
                }

                hasChanged |= step != present;
                present = step;
                watcher.Next(Delta(step));
            }

            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    private static ShadowDelta? Delta(int value) => value == 0 ? null : new ShadowDelta(ShadowValue.Parse($$"""{"a":{{value}}}"""), value);
}
