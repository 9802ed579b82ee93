# expect: {"status": "completed", "stdout": "3.1666666666666665 2.5 2 2.136976 1.950783\n[1.75, 2.5, 4.75] 4.566666666666666 3.1666666666666665\n['a', 'b'] 1 2.0\n0.981981\nLinearRegression(slope=2.0, intercept=0.0)\n0.841345\nmean requires at least one data point\n", "exit_code": 0}
import statistics
from statistics import mean, median, mode, pstdev, stdev
x = [1, 2, 2, 3, 4, 7]
print(mean(x), median(x), mode(x), round(stdev(x), 6), round(pstdev(x), 6))
print(statistics.quantiles(x, n=4), statistics.variance(x), statistics.fmean(x))
print(statistics.multimode("aabb"), statistics.median_low([1, 2]), statistics.geometric_mean([1, 4]))
print(round(statistics.correlation([1, 2, 3], [1, 2, 4]), 6))
print(statistics.linear_regression([1, 2, 3], [2, 4, 6]))
print(round(statistics.NormalDist(0, 1).cdf(1), 6))
try:
    mean([])
except statistics.StatisticsError as e:
    print(e)
