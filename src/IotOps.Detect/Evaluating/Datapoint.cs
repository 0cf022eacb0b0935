using IotOps.Defender;

namespace IotOps.Detect.Evaluating;

/// <summary>What is judged: a measurement, and where it comes from.</summary>
/// <param name="Value">The measurement.</param>
/// <param name="Time">When it was made, in milliseconds: when the report came, or when the window ended.</param>
/// <param name="Report">The report's id; 0 for what the cloud measured.</param>
internal readonly record struct Datapoint(Measurement Value, long Time, long Report);
