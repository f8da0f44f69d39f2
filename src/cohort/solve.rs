//! Symmetric positive definite equations, by Cholesky.
//!
//! Input: a matrix of normal equations. Output: solutions. Invariant: no allocation but the factor's; a matrix that is
//! not positive definite has no factor.

/// The lower triangle of a symmetric matrix, row by row.
#[derive(Clone, Debug)]
pub(super) struct Symmetric {
    size: usize,
    cells: Vec<f64>,
}

impl Symmetric {
    /// Nothing but noughts.
    pub(super) fn new(size: usize) -> Symmetric {
        Symmetric { size, cells: vec![0.0; size * (size + 1) / 2] }
    }

    const fn place(row: usize, column: usize) -> usize {
        row * (row + 1) / 2 + column
    }

    /// Adds to one cell and its mirror image.
    pub(super) fn add(&mut self, one: usize, two: usize, value: f64) {
        self.cells[Self::place(one.max(two), one.min(two))] += value;
    }

    /// Its factor; `None` where it is not positive definite.
    pub(super) fn factor(mut self) -> Option<Factor> {
        for row in 0..self.size {
            for column in 0..=row {
                let dot: f64 =
                    (0..column).map(|k| self.cells[Self::place(row, k)] * self.cells[Self::place(column, k)]).sum();
                let rest = self.cells[Self::place(row, column)] - dot;
                self.cells[Self::place(row, column)] = if row == column {
                    if rest.is_nan() || rest <= 0.0 {
                        return None;
                    }
                    rest.sqrt()
                } else {
                    rest / self.cells[Self::place(column, column)]
                };
            }
        }
        Some(Factor(self))
    }
}

/// A matrix made ready to be solved with.
#[derive(Clone, Debug)]
pub(super) struct Factor(Symmetric);

impl Factor {
    /// The half way: what the squared length of a contrast is read from.
    fn forward(&self, mut values: Vec<f64>) -> Vec<f64> {
        for row in 0..self.0.size {
            let dot: f64 = (0..row).map(|k| self.0.cells[Symmetric::place(row, k)] * values[k]).sum();
            values[row] = (values[row] - dot) / self.0.cells[Symmetric::place(row, row)];
        }
        values
    }

    /// The solution for a right-hand side.
    pub(super) fn solve(&self, values: Vec<f64>) -> Vec<f64> {
        let mut values = self.forward(values);
        for row in (0..self.0.size).rev() {
            let dot: f64 = (row + 1..self.0.size).map(|k| self.0.cells[Symmetric::place(k, row)] * values[k]).sum();
            values[row] = (values[row] - dot) / self.0.cells[Symmetric::place(row, row)];
        }
        values
    }

    /// `c' A⁻¹ c`: the variance of a contrast, in units of the noise's.
    pub(super) fn variance(&self, contrast: Vec<f64>) -> f64 {
        self.forward(contrast).iter().map(|value| value * value).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(rows: &[&[f64]]) -> Symmetric {
        let mut matrix = Symmetric::new(rows.len());
        for (at, row) in rows.iter().enumerate() {
            for (column, value) in row.iter().enumerate().take(at + 1) {
                matrix.add(at, column, *value);
            }
        }
        matrix
    }

    #[test]
    fn a_solution_solves() {
        let factor = matrix(&[&[4.0], &[2.0, 5.0], &[1.0, 3.0, 6.0]]).factor().unwrap();
        let solved = factor.solve(vec![7.0, 10.0, 10.0]);
        for value in &solved {
            assert!((value - 1.0).abs() < 1e-12, "{solved:?}");
        }
        assert!((matrix(&[&[4.0]]).factor().unwrap().variance(vec![2.0]) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn what_says_nothing_has_no_factor() {
        assert!(matrix(&[&[1.0], &[1.0, 1.0]]).factor().is_none());
        assert!(matrix(&[&[0.0]]).factor().is_none());
    }
}
