namespace IotOps.Detect.Evaluating;

/// <summary>How many things are held to a behavior, and how many of them are in alarm.</summary>
/// <param name="Things">Things that are held to it.</param>
/// <param name="InAlarm">Of these, those in alarm.</param>
internal readonly record struct BehaviorTotals(int Things, int InAlarm);
