using IotOps.Defender;

namespace IotOps.Detect.Evaluating;

/// <summary>
/// Judges a thing's reports in the order of their ids, whatever the order they come in. Ids are not consecutive (Unix seconds, by default): a report
/// whose id is not much farther from the last one than the thing's reports usually are has no predecessor that could still come.
/// </summary>
internal static class ReportOrder
{
    private const int MostSteps = 5;
    private const int MostPending = 16;
    private const int MostPendingBytes = 96 * 1024;
    private const long NewIdsAfter = 60 * 60_000;

    public static void Take(Evaluation evaluation, ReportEvent report, long patience)
    {
        ThingState state = evaluation.State;
        long id = report.Report.ReportId;
        if (id <= state.LastReport && state.Pending.Count == 0 && report.Time.ToUnixTimeMilliseconds() - state.LastReportTime >= NewIdsAfter)
        {
            // An hour without a higher id: the device has lost its last id, or its clock was ahead. It would be blind from here on.
            state.LastReport = 0;
            state.Steps.Clear();
        }

        if (id <= state.LastReport)
        {
            if (WasJudged(state, id))
            {
                evaluation.Duplicates++;
            }
            else
            {
                evaluation.Late++;
            }

            return;
        }

        int at = state.Pending.FindIndex(one => one.Id >= id);
        if (at >= 0 && state.Pending[at].Id == id)
        {
            evaluation.Duplicates++;
            return;
        }

        state.Pending.Insert(
            at < 0 ? state.Pending.Count : at,
            new PendingReport(id, report.Time.ToUnixTimeMilliseconds(), evaluation.Now + patience, evaluation.Set.MetricKeys, Measure(evaluation.Set, report.Report)));
    }

    /// <summary>Judges what waits no longer, and returns until when the rest waits, in milliseconds; null for nothing.</summary>
    public static long? Judge(Evaluation evaluation)
    {
        ThingState state = evaluation.State;
        while (state.Pending.Count > 0 && MayJudge(state, evaluation.Now) && evaluation.HasRoom())
        {
            PendingReport report = state.Pending[0];
            state.Pending.RemoveAt(0);
            Judge(evaluation, report);
        }

        // One that waits lets none behind it pass, and waits no longer than any of them.
        return state.Pending.Count == 0 ? null : state.Pending.Min(report => report.Deadline);
    }

    private static bool MayJudge(ThingState state, long now) =>
        IsNext(state, state.Pending[0].Id)
        || state.Pending.Exists(report => report.Deadline <= now)
        || state.Pending.Count > MostPending
        || (state.Pending.Count > 1 && state.Pending.Sum(report => report.Size) > MostPendingBytes);

    private static void Judge(Evaluation evaluation, PendingReport report)
    {
        ThingState state = evaluation.State;
        TimeSpan? sinceLast = state.LastReport == 0 ? null : TimeSpan.FromMilliseconds(Math.Max(0, report.Time - state.LastReportTime));
        WatchedBehavior[] behaviors = evaluation.Set.Behaviors;
        for (int i = 0; i < behaviors.Length; i++)
        {
            WatchedBehavior behavior = behaviors[i];
            if (behavior.MetricIndex < 0)
            {
                continue;
            }

            if (report.Of(evaluation.Set, behavior.MetricIndex) is not { } measurement)
            {
                BehaviorTest.Pass(ref evaluation.StateOf(i), sinceLast);
            }
            else if (behavior.Test.Fits(measurement) && behavior.Test.Gather(ref evaluation.StateOf(i), measurement, sinceLast) is { } datapoint)
            {
                evaluation.Judge(i, new Datapoint(datapoint, report.Time, report.Id));
            }
        }

        if (state.LastReport > 0)
        {
            state.Steps.Add(report.Id - state.LastReport);
            if (state.Steps.Count > MostSteps)
            {
                state.Steps.RemoveAt(0);
            }
        }

        (state.LastReport, state.LastReportTime) = (report.Id, report.Time);
    }

    private static bool IsNext(ThingState state, long id)
    {
        if (state.Steps.Count == 0)
        {
            return false;
        }

        // The second shortest of five: neither lost reports nor one between the others make a new habit. Too short a step only makes a report wait;
        // too long a one would judge it before its predecessor.
        Span<long> steps = stackalloc long[MostSteps];
        state.Steps.CopyTo(steps);
        steps = steps[..state.Steps.Count];
        steps.Sort();
        return id - state.LastReport <= steps[(steps.Length - 1) / 4] * 1.5;
    }

    private static bool WasJudged(ThingState state, long id)
    {
        long judged = state.LastReport;
        for (int i = state.Steps.Count - 1; judged > id && i >= 0; i--)
        {
            judged -= state.Steps[i];
        }

        return judged == id;
    }

    private static Measurement?[] Measure(ProfileSet set, DefenderReport report)
    {
        var values = new Measurement?[set.Measures.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = set.Measures[i].Test.Measure(report);
        }

        return values;
    }
}
